import type { Child, PropsWithChildren } from 'hono/jsx'
import type { Ctx } from '../context.ts'
import { definePage } from '../http/page.ts'
import { Card, Crumb, Empty, Fact, Facts, More, Pairs } from './blocks.tsx'
import { Button, Buttons, LinkButton } from './buttons.tsx'
import { CheckboxGroup } from './choices.tsx'
import { DesignFields } from './design-fields.tsx'
import { Colours, Spaces, Types } from './design-tokens.tsx'
import { ICON_NAMES, Icon } from './icons.tsx'
import { PublicPage } from './layout.tsx'
import { Filters, Pager, Seek } from './lists.tsx'
import { pathOf } from './navigation.ts'
import { Road, Steps } from './road.tsx'
import { Note, NotStated, STATES, Tag, Undo } from './states.tsx'
import { Table } from './table.tsx'

/** The real parts in all their states: for those who build pages, and for the tests. */
export const designPage = definePage({
  path: '/design',
  access: 'public',
  get: (ctx) => (
    <PublicPage ctx={ctx} title={ctx.t('ui.design.title')} path="/design" robots="noindex" styles="design.css">
      <div class="flow">
        <h1>{ctx.t('ui.design.title')}</h1>
        <p>{ctx.t('ui.design.lead')}</p>
        <p>
          <a href={pathOf(ctx, '/design/work')}>{ctx.t('ui.design.work')}</a>
        </p>
        <ButtonParts ctx={ctx} />
        <StateParts ctx={ctx} />
        <Section title={ctx.t('ui.design.fields')}>
          <DesignFields ctx={ctx} />
        </Section>
        <RoadParts ctx={ctx} />
        <RecordParts ctx={ctx} />
        <ListParts ctx={ctx} />
        <Section title={ctx.t('ui.design.type')}>
          <Types ctx={ctx} />
        </Section>
        <Section title={ctx.t('ui.design.space')}>
          <Spaces />
        </Section>
        <Section title={ctx.t('ui.design.colours')}>
          <Colours ctx={ctx} />
        </Section>
        <Section title={ctx.t('ui.design.icons')}>
          <ul class="gallery">
            {ICON_NAMES.map((name) => (
              <li>
                <Icon name={name} />
                <span lang="en">{name}</span>
              </li>
            ))}
          </ul>
        </Section>
      </div>
    </PublicPage>
  ),
})

/** A chapter of the design pages. */
export const Section = ({ title, children }: PropsWithChildren<{ title: Child }>) => (
  <section class="flow">
    <h2>{title}</h2>
    {children}
  </section>
)

type Props = { ctx: Ctx }

const ButtonParts = ({ ctx }: Props) => (
  <Section title={ctx.t('ui.design.buttons')}>
    <Buttons>
      <Button type="button">{ctx.t('ui.design.button.filled')}</Button>
      <Button type="button" kind="second" icon="save">
        {ctx.t('ui.design.button.second')}
      </Button>
      <Button type="button" kind="plain">
        {ctx.t('ui.design.button.plain')}
      </Button>
      <Button type="button" kind="danger" icon="s-urgent">
        {ctx.t('ui.design.button.danger')}
      </Button>
      <LinkButton kind="second" end="right" href="#main">
        {ctx.t('ui.pager.next')}
      </LinkButton>
    </Buttons>
  </Section>
)

const StateParts = ({ ctx }: Props) => (
  <Section title={ctx.t('ui.design.states')}>
    <Table
      caption={ctx.t('ui.design.states')}
      hidden
      columns={[
        { label: ctx.t('ui.design.state') },
        { label: ctx.t('ui.design.tag') },
        { label: ctx.t('ui.design.means') },
      ]}
      rows={STATES.map((state) => [
        <span lang="en">{state}</span>,
        <Tag state={state}>{ctx.t(`ui.design.state.${state}`)}</Tag>,
        ctx.t(`ui.design.means.${state}`),
      ])}
    />
    {STATES.map((state) => (
      <Note state={state} title={`${ctx.t(`ui.design.state.${state}`)}.`}>
        {ctx.t('ui.design.note')}
      </Note>
    ))}
    <Undo ctx={ctx} action={pathOf(ctx, '/design')} title={ctx.t('ui.design.undo.title')}>
      {ctx.t('ui.design.undo.text')}
    </Undo>
  </Section>
)

const RoadParts = ({ ctx }: Props) => {
  const stations = ['file', 'columns', 'check', 'report'].map((step) => ctx.t(`ui.design.step.${step}`))
  return (
    <Section title={ctx.t('ui.design.road')}>
      <Steps ctx={ctx} steps={4} current={2} />
      <Steps ctx={ctx} steps={stations} current={3} />
      <Road
        level={3}
        stations={[
          {
            icon: 's-ok',
            state: 'ok',
            heading: ctx.t('ui.design.road.received'),
            content: <p class="quiet">{ctx.format.dateTime(ctx.now)}</p>,
          },
          { icon: 'clock', state: 'unknown', heading: ctx.t('ui.design.road.waiting'), ahead: true },
          { icon: 'person', heading: ctx.t('ui.design.road.told') },
        ]}
      />
    </Section>
  )
}

const RecordParts = ({ ctx }: Props) => (
  <Section title={ctx.t('ui.design.record')}>
    <Crumb href="#main" label={ctx.t('ui.design.crumb')} />
    <Facts>
      <Fact icon="pin">{ctx.t('ui.design.place')}</Fact>
      <Fact icon="bed">{ctx.t('ui.design.housing')}</Fact>
      <Tag state="ok">{ctx.t('ui.design.state.ok')}</Tag>
    </Facts>
    <Pairs
      items={[
        [ctx.t('ui.design.hours'), '8:00–17:00'],
        [ctx.t('ui.design.contract'), <NotStated ctx={ctx} />],
        [ctx.t('ui.design.reference'), <span class="code">K7QF-92MX</span>],
      ]}
    />
    <More icon="info" label={ctx.t('ui.design.why')}>
      <p>{ctx.t('ui.design.because')}</p>
    </More>
    <More card icon="flag" label={ctx.t('ui.design.withdraw')}>
      <p>{ctx.t('ui.design.withdraw.text')}</p>
      <Buttons>
        <Button type="button">{ctx.t('ui.design.withdraw')}</Button>
      </Buttons>
    </More>
    <Card near>
      <h3>{ctx.t('ui.nav.help')}</h3>
      <p>{ctx.t('ui.footer.about')}</p>
    </Card>
  </Section>
)

const ListParts = ({ ctx }: Props) => (
  <Section title={ctx.t('ui.design.list')}>
    <Seek label={ctx.t('ui.design.seek')} button={ctx.t('ui.filters.show')} />
    <Filters ctx={ctx} label={ctx.t('ui.design.filters')} clear="#main" open>
      <CheckboxGroup
        name="country"
        label={ctx.t('ui.design.country')}
        values={['TJ']}
        options={[
          { value: 'TJ', label: ctx.t('ui.design.country.TJ'), count: 412 },
          { value: 'KR', label: ctx.t('ui.design.country.KR'), count: 38 },
        ]}
      />
    </Filters>
    <Pager ctx={ctx} from={21} shown={20} total={1284} previous="#main" next="#main" />
    <Empty title={ctx.t('ui.design.empty.title')} text={ctx.t('ui.design.empty.text')}>
      <LinkButton kind="second" href="#main">
        {ctx.t('ui.design.empty.way')}
      </LinkButton>
    </Empty>
  </Section>
)
