import type { Context } from 'hono'
import { z } from 'zod'
import { may } from '#kernel/access/authorise.ts'
import type { Ctx } from '#kernel/context.ts'
import { fileResponse } from '#kernel/files/response.ts'
import { type FormErrors, type FormValues, readForm } from '#kernel/http/forms.ts'
import { definePage, localPath, seeOther } from '#kernel/http/page.ts'
import { readAbout } from '#kernel/notifications/inbox.ts'
import { Card, Headline, More } from '#kernel/ui/blocks.tsx'
import { Button, Buttons, LinkButton } from '#kernel/ui/buttons.tsx'
import { ErrorSummary, errorTexts } from '#kernel/ui/errors.tsx'
import { TextArea } from '#kernel/ui/fields.tsx'
import { Note } from '#kernel/ui/states.tsx'
import { WorkPage } from '#kernel/ui/work-layout.tsx'
import { answerOfficers, decisionsOf } from '../decisions.ts'
import { addDocument, documentsOf, MOST_BYTES, openDocument, removeDocument } from '../documents.ts'
import { changeFacts, type Employer, ownEmployer } from '../employers.ts'
import { COLLEAGUES } from './colleagues.tsx'
import { differing, FactFields, readFacts, valuesOf } from './facts-form.tsx'
import { Documents, receivedFileProblem, Upload, UploadForm } from './upload.tsx'
import { Decided, StateTag } from './words.tsx'

const PATH = '/work/employer'
const ENVELOPE = 64 * 1024

/** The own organisation as an employer: where it stands, what is asked of it, what is known of it, its papers. */
export const ownPage = definePage({
  path: PATH,
  access: 'employer.edit',
  async get(ctx, c) {
    const employer = await ownEmployer(ctx)
    await readAbout(ctx, { type: 'employer', id: employer.organisation_id })
    return <Own ctx={ctx} employer={employer} done={c.req.query('done')} />
  },
  async post(ctx, c, form) {
    const employer = await ownEmployer(ctx)
    const read = await readFacts(ctx, form, employer)
    if (!read.ok) return again(ctx, c, employer, { values: read.values, errors: read.errors })
    // Somebody saved meanwhile: both are shown, and nothing is written.
    if (read.version !== employer.version) {
      const theirs = differing(await valuesOf(ctx, employer), read.values)
      if (Object.keys(theirs).length > 0) return again(ctx, c, employer, { values: read.values, theirs })
    }
    await changeFacts(ctx, read.facts, employer.version)
    return seeOther(ctx, c, `${PATH}?done=changed`)
  },
})

const Answer = z.object({ said: z.string('employers.own.answer_missing').max(2000) })

/** What the employer says to the officer's question. */
export const answerPage = definePage({
  path: `${PATH}/answer`,
  access: 'employer.edit',
  async post(ctx, c, form) {
    const read = readForm(Answer, form)
    if (!read.ok) return again(ctx, c, await ownEmployer(ctx), { values: read.values, errors: read.errors })
    await answerOfficers(ctx, read.value.said)
    return seeOther(ctx, c, `${PATH}?done=answered`)
  },
})

/** One more paper. */
export const ownDocumentsPage = definePage({
  path: `${PATH}/documents`,
  access: 'employer.edit',
  bodyLimit: MOST_BYTES + ENVELOPE,
  async post(ctx, c, form) {
    const employer = await ownEmployer(ctx)
    const read = readForm(Upload, form)
    const errors = read.ok
      ? await receivedFileProblem(() => addDocument(ctx, employer, read.value.document, read.value.file))
      : read.errors
    if (Object.keys(errors).length > 0) return again(ctx, c, employer, { values: read.values, errors })
    return seeOther(ctx, c, `${PATH}?done=added#documents`)
  },
})

/** One paper: saved by GET, taken back by POST. */
export const ownDocumentPage = definePage({
  path: `${PATH}/documents/:id`,
  access: 'employer.edit',
  get: async (ctx, c) => fileResponse(ctx, await openDocument(ctx, await ownEmployer(ctx), c.req.param('id')!)),
  async post(ctx, c) {
    await removeDocument(ctx, await ownEmployer(ctx), c.req.param('id')!)
    return seeOther(ctx, c, `${PATH}?done=removed#documents`)
  },
})

type Again = { values?: FormValues; errors?: FormErrors; theirs?: Record<string, string> }

function again(ctx: Ctx, c: Context, employer: Employer, more: Again) {
  c.status(422)
  return <Own ctx={ctx} employer={employer} {...more} />
}

const DONE = ['changed', 'answered', 'added', 'removed']

async function Own({
  ctx,
  employer,
  done,
  values,
  errors = {},
  theirs = {},
}: { ctx: Ctx; employer: Employer; done?: string } & Again) {
  const { t, format } = ctx
  const words = errorTexts(ctx, errors)
  const decisions = await decisionsOf(ctx, employer)
  const last = decisions.find(({ act, undone_at }) => act !== 'answer' && !undone_at)
  const conflict = Object.keys(theirs).length > 0
  const { state, due_at, kind } = employer
  return (
    <WorkPage ctx={ctx} title={t('employers.own.title')} current={PATH}>
      <Headline
        title={employer.legal_name}
        lead={`${t(`employers.code.kind.${kind}`)} · ${t('employers.show.reference', { reference: employer.reference })}`}
      >
        <StateTag ctx={ctx} state={state} />
      </Headline>
      {done && DONE.includes(done) && <Note state="ok" title={t(`employers.done.${done}`)} announce />}
      <ErrorSummary ctx={ctx} errors={words} />
      {conflict && (
        <Note state="attention" title={t('employers.own.conflict')} id="conflict">
          {t('employers.own.conflict_text')}
        </Note>
      )}
      <Note
        state={
          state === 'verified' ? 'ok' : state === 'asked' ? 'unknown' : state === 'asked_back' ? 'attention' : 'stop'
        }
        title={t(`employers.own.state.${state}`)}
      >
        {t(`employers.own.next.${state}`, { date: format.date(due_at) })}
        {last?.said && state !== 'verified' && <p lang={employer.lang}>«{last.said}»</p>}
      </Note>
      <Buttons>
        {state === 'verified' && (
          <LinkButton kind="second" href={localPath(ctx, '/work/postings')} icon="work">
            {t('employers.own.to_postings')}
          </LinkButton>
        )}
        {may(ctx, 'employer.administer') && (
          <LinkButton kind="second" href={localPath(ctx, COLLEAGUES)} icon="people">
            {t('employers.colleagues.title')}
          </LinkButton>
        )}
      </Buttons>
      {state === 'asked_back' && (
        <form method="post" action={localPath(ctx, `${PATH}/answer`)} class="card flow">
          <TextArea
            name="said"
            label={t('employers.own.answer')}
            hint={t('employers.own.answer_hint')}
            value={values?.said}
            error={words.said}
            rows={4}
            maxlength={2000}
          />
          <Buttons>
            <Button icon="send">{t('employers.own.send_answer')}</Button>
          </Buttons>
        </form>
      )}
      <div class="two">
        <form method="post" action={localPath(ctx, PATH)} class="card flow" novalidate>
          <h2>{t('employers.own.facts')}</h2>
          {state === 'verified' && <p class="quiet">{t('employers.own.facts_verified')}</p>}
          <FactFields
            ctx={ctx}
            employer={employer}
            values={values?.legal_name === undefined ? await valuesOf(ctx, employer) : values}
            words={words}
            theirs={theirs}
          />
          <Buttons>
            <Button icon="s-ok">{t(conflict ? 'employers.own.save_mine' : 'employers.own.save')}</Button>
          </Buttons>
        </form>
        <aside class="flow">
          <Card id="documents">
            <h2>{t('employers.own.documents')}</h2>
            <p class="quiet">{t('employers.own.documents_lead')}</p>
            <Documents ctx={ctx} documents={await documentsOf(ctx, employer)} path={`${PATH}/documents`} removable />
            <UploadForm ctx={ctx} action={localPath(ctx, `${PATH}/documents`)} values={values} words={words} />
          </Card>
          {decisions.length > 0 && (
            <More icon="clock" label={t('employers.show.history')}>
              <Decided ctx={ctx} decisions={decisions} />
            </More>
          )}
        </aside>
      </div>
    </WorkPage>
  )
}
