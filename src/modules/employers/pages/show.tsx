import type { Context } from 'hono'
import { z } from 'zod'
import type { Ctx } from '#kernel/context.ts'
import { fileResponse } from '#kernel/files/response.ts'
import { type FormErrors, type FormValues, readForm } from '#kernel/http/forms.ts'
import { definePage, localPath, seeOther } from '#kernel/http/page.ts'
import { plainDate } from '#kernel/i18n/format.ts'
import { placeName, placePath } from '#kernel/places/places.ts'
import { Card, Crumb, Headline, More, Pairs } from '#kernel/ui/blocks.tsx'
import { Button } from '#kernel/ui/buttons.tsx'
import { readDate } from '#kernel/ui/date-field.tsx'
import { ErrorSummary, errorTexts } from '#kernel/ui/errors.tsx'
import { Note, NotStated, Undo } from '#kernel/ui/states.tsx'
import { WorkPage } from '#kernel/ui/work-layout.tsx'
import {
  ACTS,
  decideEmployer,
  decisionsOf,
  missingFor,
  noteExtract,
  notePhoneCheck,
  openActs,
  undoEmployerDecision,
} from '../decisions.ts'
import { addDocument, documentsOf, MOST_BYTES, openDocument } from '../documents.ts'
import { alikeEmployers, type Employer, getEmployer, PHONE_CHECKS, verifies } from '../employers.ts'
import { Checks, DecisionForm } from './check-forms.tsx'
import { LIST } from './list.tsx'
import { Documents, receivedFileProblem, Upload, UploadForm } from './upload.tsx'
import { Decided, StateTag } from './words.tsx'

const ENVELOPE = 64 * 1024
const pathOf = ({ reference }: Pick<Employer, 'reference'>) => `${LIST}/${reference}`
const ofRequest = (ctx: Ctx, c: Context) => getEmployer(ctx, c.req.param('reference')!)

const Decision = z.object({
  act: z.enum(ACTS),
  said: z.string().max(2000).optional(),
  note: z.string().max(1000).optional(),
})

/** One employer before an officer: what it says, what was found, and equal decisions. */
export const employerPage = definePage({
  path: `${LIST}/:reference`,
  access: 'employer.verify',
  get: async (ctx, c) => <Show ctx={ctx} employer={await ofRequest(ctx, c)} done={c.req.query('done')} />,
  async post(ctx, c, form) {
    const employer = await ofRequest(ctx, c)
    const read = readForm(Decision, form)
    const errors: FormErrors = read.ok ? {} : read.errors
    if (read.ok && read.value.act !== 'verify' && read.value.act !== 'reinstate' && !read.value.said)
      errors.said = 'employers.show.said_missing'
    if (read.ok && read.value.act === 'verify' && missingFor(employer).length > 0)
      errors.checks = 'employers.show.checks_missing'
    if (!read.ok || Object.keys(errors).length > 0) return again(ctx, c, employer, read.values, errors)
    const { act, said = null, note = null } = read.value
    await decideEmployer(ctx, employer.reference, { act, said, note })
    return seeOther(ctx, c, `${pathOf(employer)}?done=decided`)
  },
})

/** Takes the last decision back. */
export const employerUndoPage = definePage({
  path: `${LIST}/:reference/undo`,
  access: 'employer.verify',
  async post(ctx, c) {
    const employer = await ofRequest(ctx, c)
    await undoEmployerDecision(ctx, employer.reference)
    return seeOther(ctx, c, `${pathOf(employer)}?done=undone`)
  },
})

/** What an officer found: by telephone, and in the register. */
export const employerChecksPage = definePage({
  path: `${LIST}/:reference/checks`,
  access: 'employer.verify',
  async post(ctx, c, form) {
    const employer = await ofRequest(ctx, c)
    const read = readForm(
      z.object({
        phone: z.enum([...PHONE_CHECKS, 'not'], 'employers.show.how_missing').optional(),
        extract: z.enum(['yes', 'not']).optional(),
        on_day: z.string().max(2).optional(),
        on_month: z.string().max(2).optional(),
        on_year: z.string().max(4).optional(),
      }),
      form,
    )
    if (!read.ok) return again(ctx, c, employer, read.values, read.errors)
    const { phone, extract, on_day: day, on_month: month, on_year: year } = read.value
    if (phone) await notePhoneCheck(ctx, employer.reference, phone === 'not' ? null : phone)
    if (extract) {
      const on = readDate({ day, month, year })
      if (extract === 'yes' && (!on || Temporal.PlainDate.compare(on, plainDate(ctx.now)) > 0))
        return again(ctx, c, employer, read.values, { on: 'employers.facts.date_wrong' })
      await noteExtract(ctx, employer.reference, extract === 'yes' ? on : null)
    }
    if (!phone && !extract) return again(ctx, c, employer, read.values, { phone: 'employers.show.how_missing' })
    return seeOther(ctx, c, `${pathOf(employer)}?done=checked#checks`)
  },
})

/** One more paper, such as the register extract that the officer asked for. */
export const employerDocumentsPage = definePage({
  path: `${LIST}/:reference/documents`,
  access: 'employer.verify',
  bodyLimit: MOST_BYTES + ENVELOPE,
  async post(ctx, c, form) {
    const employer = await ofRequest(ctx, c)
    const read = readForm(Upload, form)
    const errors = read.ok
      ? await receivedFileProblem(() => addDocument(ctx, employer, read.value.document, read.value.file))
      : read.errors
    if (Object.keys(errors).length > 0) return again(ctx, c, employer, read.values, errors)
    return seeOther(ctx, c, `${pathOf(employer)}?done=added#documents`)
  },
})

/** One paper, saved. */
export const employerDocumentPage = definePage({
  path: `${LIST}/:reference/documents/:id`,
  access: 'employer.verify',
  get: async (ctx, c) => fileResponse(ctx, await openDocument(ctx, await ofRequest(ctx, c), c.req.param('id')!)),
})

function again(ctx: Ctx, c: Context, employer: Employer, values: FormValues, errors: FormErrors) {
  c.status(422)
  return <Show ctx={ctx} employer={employer} values={values} errors={errors} />
}

const DONE = ['undone', 'checked', 'added']
type Props = { ctx: Ctx; employer: Employer; done?: string; values?: FormValues; errors?: FormErrors }

async function Show({ ctx, employer, done, values, errors = {} }: Props) {
  const { t, format } = ctx
  const words = errorTexts(ctx, errors)
  const mine = await verifies(ctx, employer)
  const decisions = await decisionsOf(ctx, employer)
  const undoable = mine && decisions[0]?.act !== 'answer' && decisions[0] && !decisions[0].undone_at
  const alike = await alikeEmployers(ctx, employer)
  const action = (to: string) => localPath(ctx, `${pathOf(employer)}/${to}`)
  const undo = (
    <form method="post" action={action('undo')}>
      <Button kind="second" icon="undo">
        {t('ui.undo')}
      </Button>
    </form>
  )
  return (
    <WorkPage ctx={ctx} title={employer.legal_name} current={LIST} path={pathOf(employer)}>
      <Crumb href={localPath(ctx, LIST)} label={t('employers.list.title')}>
        <span class="code">{employer.reference}</span>
      </Crumb>
      {done === 'decided' && undoable && (
        <Undo ctx={ctx} action={action('undo')} title={t(`employers.code.state.${employer.state}`)}>
          {t('employers.show.told')}
        </Undo>
      )}
      {done && DONE.includes(done) && <Note state="ok" title={t(`employers.done.${done}`)} announce />}
      <ErrorSummary ctx={ctx} errors={words} />
      <Headline
        title={<span lang={employer.lang}>{employer.legal_name}</span>}
        lead={`${t(`employers.code.kind.${employer.kind}`)} · ${await placePath(ctx, employer.place_code ?? employer.country)}`}
      >
        <StateTag ctx={ctx} state={employer.state} />
      </Headline>
      {!mine && (
        <Note state="unknown" title={t('employers.show.others')}>
          {t('employers.show.others_text', { country: await placeName(ctx, employer.country) })}
        </Note>
      )}
      {alike.length > 0 && (
        <Note state="attention" title={t('employers.show.alike')}>
          <ul>
            {alike.map((other) => (
              <li>
                <a href={localPath(ctx, pathOf(other))}>{other.legal_name}</a> · {other.tin} · {other.phone}
              </li>
            ))}
          </ul>
        </Note>
      )}
      <div class="two">
        <article class="flow">
          <Facts ctx={ctx} employer={employer} />
          <Card id="documents">
            <h2>{t('employers.own.documents')}</h2>
            <Documents ctx={ctx} documents={await documentsOf(ctx, employer)} path={`${pathOf(employer)}/documents`} />
            {mine && <UploadForm ctx={ctx} action={action('documents')} values={values} words={words} />}
          </Card>
        </article>
        <aside class="flow">
          <Checks ctx={ctx} employer={employer} action={mine ? action('checks') : null} values={values} words={words} />
          {mine && openActs(employer).length > 0 && (
            <DecisionForm ctx={ctx} employer={employer} values={values} words={words} />
          )}
          {employer.state === 'asked' && (
            <p class="quiet">{t('employers.list.due', { date: format.date(employer.due_at) })}</p>
          )}
          {undoable && done !== 'decided' && undo}
          {decisions.length > 0 && (
            <More icon="clock" label={t('employers.show.history')}>
              <Decided ctx={ctx} decisions={decisions} notes />
            </More>
          )}
        </aside>
      </div>
    </WorkPage>
  )
}

async function Facts({ ctx, employer }: { ctx: Ctx; employer: Employer }) {
  const { t, format } = ctx
  const or = (value: string | null) => value ?? <NotStated ctx={ctx} />
  const day = (date: Temporal.PlainDate | null) => or(date && format.date(date))
  return (
    <Card>
      <h2>{t('employers.own.facts')}</h2>
      <Pairs
        items={[
          [t('employers.facts.legal_name'), <span lang={employer.lang}>{employer.legal_name}</span>],
          [t('employers.facts.tin'), or(employer.tin)],
          employer.country === 'RU' && [t('employers.facts.ogrn'), or(employer.ogrn)],
          [t('employers.facts.place'), await placePath(ctx, employer.place_code ?? employer.country)],
          [t('employers.facts.address'), or(employer.address)],
          [
            t('employers.facts.website'),
            employer.website ? <a href={employer.website}>{employer.website}</a> : or(null),
          ],
          [t('employers.facts.phone'), <a href={`tel:${employer.phone}`}>{employer.phone}</a>],
          [t('employers.facts.contact_name'), `${employer.contact_name} · ${employer.contact_email}`],
          employer.kind === 'agency' && [t('employers.facts.licence_no'), or(employer.licence_no)],
          employer.kind === 'agency' && [t('employers.facts.licence_by'), or(employer.licence_by)],
          employer.kind === 'agency' && [t('employers.facts.licence_on'), day(employer.licence_on)],
          employer.kind === 'agency' && [t('employers.facts.licence_until'), day(employer.licence_until)],
          [t('employers.show.asked_at'), format.dateTime(employer.asked_at)],
        ]}
      />
    </Card>
  )
}
