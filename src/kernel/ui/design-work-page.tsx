import { definePage } from '../http/page.ts'
import { Headline } from './blocks.tsx'
import { Button, LinkButton } from './buttons.tsx'
import { Section } from './design-page.tsx'
import { Document } from './layout.tsx'
import { pathOf } from './navigation.ts'
import { Progress } from './progress.tsx'
import { Steps } from './road.tsx'
import { Sheet } from './sheet.tsx'
import { Sums, TaskGroup, TaskRow, Totals } from './work.tsx'

/** The parts of staff pages, in the staff look, without anybody signed in. */
export const designWorkPage = definePage({
  path: '/design/work',
  access: 'public',
  get: (ctx) => {
    const t = (key: string) => ctx.t(`ui.design.${key}`)
    return (
      <Document ctx={ctx} title={t('title')} robots="noindex" look="staff">
        <main id="main" class="desk">
          <Headline title={t('work')} lead={ctx.format.longDate(ctx.now)}>
            <LinkButton kind="second" icon="left" href={pathOf(ctx, '/design')}>
              {t('title')}
            </LinkButton>
          </Headline>
          <Sums
            ctx={ctx}
            items={[
              { state: 'urgent', count: 1, label: t('state.urgent'), href: '#late' },
              { state: 'attention', count: 6, label: t('state.attention'), href: '#late' },
              { state: 'unknown', icon: 'clock', count: 8, label: t('road.waiting'), href: '#wait' },
            ]}
          />
          <TaskGroup id="late" state="urgent" title={t('state.urgent')}>
            <TaskRow
              icon="work"
              title={t('task')}
              why={t('task.why')}
              href="#main"
              action={t('button.filled')}
              kind="filled"
              due={{ state: 'urgent', label: t('state.urgent'), note: ctx.format.date(ctx.now) }}
            />
          </TaskGroup>
          <TaskGroup id="wait" state="unknown" icon="clock" title={t('road.waiting')} note="1 / 8">
            <TaskRow
              icon="sheet"
              title={t('task')}
              why={t('task.why')}
              href="#main"
              action={t('button.plain')}
              kind="plain"
              due={{ state: 'unknown', icon: 'clock', label: ctx.format.date(ctx.now) }}
            />
          </TaskGroup>
          <Section title={t('sheet')}>
            <Steps
              ctx={ctx}
              steps={['file', 'columns', 'check', 'report'].map((step) => t(`step.${step}`))}
              current={3}
            />
            <Totals
              items={[
                { label: t('state.ok'), value: ctx.format.number(1187), state: 'ok' },
                { label: t('state.attention'), value: 9, state: 'attention' },
                { label: t('state.stop'), value: 8, state: 'stop' },
                { label: t('state.unknown'), value: 0 },
              ]}
            />
            <Progress value={211} max={240} state="ok">
              {ctx.t('ui.design.progress', { done: 211, total: 240 })}
            </Progress>
            <Sheet
              ctx={ctx}
              label={t('sheet')}
              columns={[
                { label: t('field.employer'), source: 'employer' },
                { label: t('field.closing'), source: 'until' },
                { label: t('place'), source: 'place' },
              ]}
              rows={[
                {
                  number: 14,
                  cells: [
                    { value: 'Чашма' },
                    { value: ctx.format.date(ctx.now), was: '46347', state: 'fix', why: t('sheet.fixed') },
                    { value: t('place') },
                  ],
                },
                {
                  number: 102,
                  cells: [
                    { value: 'Равшан' },
                    { value: '31.02.2027', state: 'bad', why: t('sheet.bad') },
                    { value: t('place') },
                  ],
                },
              ]}
            />
          </Section>
          <form class="decide">
            <div class="btns">
              <Button type="button" kind="second" icon="s-ok">
                {t('button.filled')}
              </Button>
              <Button type="button" kind="second" icon="s-stop">
                {t('withdraw')}
              </Button>
              <Button disabled>{t('button.disabled')}</Button>
            </div>
            <p class="quiet">{t('undo.text')}</p>
          </form>
        </main>
      </Document>
    )
  },
})
