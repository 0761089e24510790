import { z } from 'zod'
import { askProof } from '#kernel/access/step-up.ts'
import type { Ctx } from '#kernel/context.ts'
import { readForm } from '#kernel/http/forms.ts'
import { definePage, localPath, seeOther } from '#kernel/http/page.ts'
import { readAbout } from '#kernel/notifications/inbox.ts'
import { nameText } from '#kernel/people/facts.ts'
import { birthText } from '#kernel/people/pages/words.ts'
import { problem } from '#kernel/problem.ts'
import { Crumb, Headline, More, Pairs } from '#kernel/ui/blocks.tsx'
import { Button, Buttons } from '#kernel/ui/buttons.tsx'
import { HiddenField, SelectField, TextField } from '#kernel/ui/fields.tsx'
import { Note, Tag } from '#kernel/ui/states.tsx'
import { Table } from '#kernel/ui/table.tsx'
import { WorkPage } from '#kernel/ui/work-layout.tsx'
import { type Agreement, changeAgreement, getAgreement, honeyOf } from '../carrier/agreements.ts'
import { FIGURE_DAYS, isWanted, type Month, monthsOf, recordCarried } from '../carrier/figures.ts'
import { AGREE, CARRIERS } from '../carrier/telling.ts'
import { AgreementTag, FigureTag } from './agreements.tsx'
import { Figure } from './carrier.tsx'

/** One carrier: how often it asked, beside how many it says it carried; its invented passengers. */
export const agreementPage = definePage({
  path: `${CARRIERS}/:id`,
  access: AGREE,
  async get(ctx, c) {
    const { t, format } = ctx
    const agreement = await getAgreement(ctx, c.req.param('id')!)
    await readAbout(ctx, { type: 'agreement', id: agreement.id })
    return (
      <WorkPage ctx={ctx} title={agreement.carrier} current={CARRIERS} path={`${CARRIERS}/${agreement.id}`}>
        <Crumb href={localPath(ctx, CARRIERS)} label={t('entry_check.carriers.title')} />
        <Headline title={agreement.carrier} />
        {agreement.suspended_at && !agreement.ended_at && (
          <Note state="stop" title={t(`entry_check.carriers.look_${agreement.suspended_for ?? 'more'}`)}>
            {t(`entry_check.carriers.look_${agreement.suspended_for ?? 'more'}_text`)}
          </Note>
        )}
        <Pairs
          items={[
            [t('entry_check.carriers.state'), <AgreementTag ctx={ctx} agreement={agreement} />],
            [t('entry_check.carriers.act'), `${agreement.act}, ${format.date(agreement.act_on)}`],
            [t('entry_check.carriers.per_day'), format.number(agreement.per_day)],
            agreement.figure_for &&
              !agreement.ended_at && [
                t('entry_check.figure.due', { month: format.month(agreement.figure_for) }),
                <FigureTag ctx={ctx} month={agreement.figure_for} />,
              ],
          ]}
        />
        {!agreement.ended_at && <Acts ctx={ctx} agreement={agreement} />}
        <Months ctx={ctx} agreement={agreement} />
        <Honey ctx={ctx} agreement={agreement} />
      </WorkPage>
    )
  },
})

const Acts = ({ ctx, agreement: { id, suspended_at } }: { ctx: Ctx; agreement: Agreement }) => (
  <Buttons>
    {([suspended_at ? 'resume' : 'suspend', 'end'] as const).map((act) => (
      <form method="post" action={localPath(ctx, `${CARRIERS}/${id}/state`)}>
        <HiddenField name="act" value={act} />
        <Button kind="second">{ctx.t(`entry_check.carriers.do_${act}`)}</Button>
      </form>
    ))}
  </Buttons>
)

async function Months({ ctx, agreement: { id } }: { ctx: Ctx; agreement: Agreement }) {
  const { t, format } = ctx
  const months = await monthsOf(ctx, id)
  return (
    <>
      <h2>{t('entry_check.carriers.months')}</h2>
      {months.length > 0 && (
        <Table
          caption={t('entry_check.carriers.months')}
          hidden
          columns={['month', 'queries', 'referred', 'passengers'].map((key) => ({
            label: t(`entry_check.carriers.${key}`),
            num: key !== 'month',
          }))}
          rows={months.map((one) => [
            format.month(one.month),
            format.number(one.queries),
            format.number(one.referred),
            <Carried ctx={ctx} month={one} />,
          ])}
        />
      )}
      {months.length === 0 ? (
        <p class="quiet">{t('entry_check.figure.none_asked')}</p>
      ) : (
        <form method="post" action={localPath(ctx, `${CARRIERS}/${id}/carried`)} class="card flow">
          <h3>{t('entry_check.figure.note_title')}</h3>
          <p class="quiet">{t('entry_check.figure.note_text', { days: FIGURE_DAYS })}</p>
          <SelectField
            name="month"
            label={t('entry_check.carriers.month')}
            value={(months.findLast((one) => isWanted(ctx, one)) ?? months[0])?.month.toString().slice(0, 7)}
            options={months.map(({ month }) => ({ value: month.toString().slice(0, 7), label: format.month(month) }))}
          />
          <TextField name="passengers" label={t('entry_check.carriers.passengers')} width="short" inputmode="numeric" />
          <Button kind="second">{t('entry_check.carriers.note')}</Button>
        </form>
      )}
    </>
  )
}

function Carried({ ctx, month }: { ctx: Ctx; month: Month }) {
  const { t, format } = ctx
  const { queries, passengers, by_carrier } = month
  if (passengers === null) return isWanted(ctx, month) ? <FigureTag ctx={ctx} month={month.month} /> : '–'
  if (queries > passengers)
    return <Tag state="urgent">{t('entry_check.carriers.more_than', { count: passengers })}</Tag>
  return (
    <>
      {format.number(passengers)} {by_carrier && <span class="quiet">{t('entry_check.figure.by_carrier')}</span>}
    </>
  )
}

async function Honey({ ctx, agreement: { id } }: { ctx: Ctx; agreement: Agreement }) {
  const { t, format } = ctx
  const honey = await honeyOf(ctx, id)
  return (
    <More icon="eq" label={t('entry_check.carriers.honey')}>
      <p>{t('entry_check.carriers.honey_text')}</p>
      {honey.length === 0 ? (
        <form method="post" action={localPath(ctx, `${CARRIERS}/${id}/honey`)}>
          <Button kind="second">{t('entry_check.carriers.honey_show')}</Button>
        </form>
      ) : (
        <Table
          caption={t('entry_check.carriers.honey')}
          hidden
          columns={['person', 'birth', 'document', 'hit'].map((key) => ({
            label: t(`entry_check.carriers.honey_${key}`),
          }))}
          rows={honey.map(({ name, birth, document, hit_at }) => [
            nameText(name),
            birthText(birth),
            <code>{document}</code>,
            hit_at ? <Tag state="urgent">{format.dateTime(hit_at)}</Tag> : '–',
          ])}
        />
      )}
    </More>
  )
}

const Act = z.object({ act: z.enum(['suspend', 'resume', 'end']) })

/** Suspends, ends, or lets ask again, which wants a proof. */
export const agreementStatePage = definePage({
  path: `${CARRIERS}/:id/state`,
  access: AGREE,
  async post(ctx, c, form) {
    const { id } = await getAgreement(ctx, c.req.param('id')!)
    const read = readForm(Act, form)
    if (!read.ok) throw problem('invalid')
    const away = read.value.act === 'resume' ? await askProof(ctx, c, `${CARRIERS}/${id}`) : null
    if (away) return away
    await changeAgreement(ctx, id, read.value.act)
    return seeOther(ctx, c, `${CARRIERS}/${id}`)
  },
})

/** Asks for the proof without which invented passengers are not shown. */
export const agreementHoneyPage = definePage({
  path: `${CARRIERS}/:id/honey`,
  access: AGREE,
  async post(ctx, c) {
    const { id } = await getAgreement(ctx, c.req.param('id')!)
    return (await askProof(ctx, c, `${CARRIERS}/${id}`)) ?? seeOther(ctx, c, `${CARRIERS}/${id}`)
  },
})

/** Notes what the carrier says it carried in a month. */
export const agreementCarriedPage = definePage({
  path: `${CARRIERS}/:id/carried`,
  access: AGREE,
  async post(ctx, c, form) {
    const { id } = await getAgreement(ctx, c.req.param('id')!)
    const read = readForm(Figure, form)
    if (!read.ok) throw problem('invalid')
    const { month, passengers } = read.value
    await recordCarried(ctx, id, Temporal.PlainDate.from(`${month}-01`), passengers)
    return seeOther(ctx, c, `${CARRIERS}/${id}`)
  },
})
