import type { Context } from 'hono'
import { z } from 'zod'
import type { Ctx } from '#kernel/context.ts'
import { readForm } from '#kernel/http/forms.ts'
import { definePage, localPath, seeOther } from '#kernel/http/page.ts'
import type { Note as Remark } from '#kernel/imports/kind.ts'
import { readAbout } from '#kernel/notifications/inbox.ts'
import { problem } from '#kernel/problem.ts'
import { Crumb, Headline } from '#kernel/ui/blocks.tsx'
import { Button, Buttons } from '#kernel/ui/buttons.tsx'
import { ErrorSummary, inOrder } from '#kernel/ui/errors.tsx'
import { HiddenField } from '#kernel/ui/fields.tsx'
import { Note } from '#kernel/ui/states.tsx'
import { WorkPage } from '#kernel/ui/work-layout.tsx'
import { isVerifiedEmployer } from '#modules/employers/public.ts'
import { closePosting, copyPosting, publishPosting, renewPosting, undoPosting } from '../acts.ts'
import { CONTENT_COLUMNS, type Content, tidyContent } from '../content.ts'
import { createPosting, getPosting, type Posting, postingFor, saveDraft, standingOf } from '../postings.ts'
import { ContractCopyForm } from './contract-copy-panel.tsx'
import { inParts, PostingFields, typedContent } from './form.tsx'
import { LIST, pathOf } from './list.tsx'
import { AnswerPanel } from './question-panel.tsx'
import { StandingTag } from './standing.tsx'
import { nextStep, StandingPanel } from './standing-panel.tsx'

const ofRequest = (ctx: Ctx, c: Context) => getPosting(ctx, c.req.param('reference')!)

/** A new advert: an empty draft, kept as soon as it is saved for the first time. */
export const newPostingPage = definePage({
  path: `${LIST}/new`,
  access: 'vacancy.post',
  get: (ctx) => <EditPosting ctx={ctx} content={{}} />,
  async post(ctx, c, form) {
    const { reference } = await createPosting(ctx, typedContent(form))
    return settle(ctx, c, reference, form, 1)
  },
})

/** One advert of the own organisation: how it stands, what can be done with it, and all its fields. */
export const postingPage = definePage({
  path: `${LIST}/:reference`,
  access: 'vacancy.post',
  async get(ctx, c) {
    const posting = await ofRequest(ctx, c)
    await readAbout(ctx, { type: 'posting', id: posting.reference })
    return <EditPosting ctx={ctx} posting={posting} content={posting.content} done={c.req.query('done')} />
  },
  async post(ctx, c, form) {
    const posting = await ofRequest(ctx, c)
    const version = Number(form.get('version'))
    if (!Number.isInteger(version)) throw problem('bad_request')
    if (version !== posting.version) {
      const content = tidyContent(typedContent(form))
      const theirs = differing(posting.content, content)
      // Somebody saved meanwhile: both are shown, and nothing is written. Equal words are no conflict.
      if (Object.keys(theirs).length > 0) {
        c.status(409)
        return <EditPosting ctx={ctx} posting={posting} content={content} theirs={theirs} />
      }
    }
    return settle(ctx, c, posting.reference, form, posting.version)
  },
})

/** What the browser keeps by itself while somebody writes: answers the new version, or 409 when somebody else saved. */
export const draftPage = definePage({
  path: `${LIST}/:reference/draft`,
  access: 'vacancy.post',
  async post(ctx, c, form) {
    const version = Number(form.get('version'))
    if (!Number.isInteger(version)) throw problem('bad_request')
    const saved = await saveDraft(ctx, c.req.param('reference')!, typedContent(form), version)
    return c.json({ version: saved, words: ctx.t('vacancies.posting.kept', { time: ctx.format.time(ctx.now) }) })
  },
})

const Act = z.object({ act: z.enum(['close', 'renew', 'copy', 'undo']) })

/** Closes, renews or copies an advert, or takes the last of these back. */
export const postingActPage = definePage({
  path: `${LIST}/:reference/act`,
  access: 'vacancy.post',
  async post(ctx, c, form) {
    const posting = await ofRequest(ctx, c)
    const read = readForm(Act, form)
    if (!read.ok) throw problem('bad_request')
    const { reference } = posting
    if (read.value.act === 'copy') return seeOther(ctx, c, `${LIST}/${await copyPosting(ctx, reference)}?done=copied`)
    if (read.value.act === 'close') await closePosting(ctx, reference)
    if (read.value.act === 'renew') await renewPosting(ctx, reference)
    if (read.value.act === 'undo') await undoPosting(ctx, reference)
    return seeOther(ctx, c, `${pathOf(posting)}?done=${DONE[read.value.act]}`)
  },
})

const DONE = { close: 'closed', renew: 'renewed', undo: 'undone' } as const

/** Saves, and publishes where that was asked: what is wrong is told at its field, and what was written is kept. */
async function settle(ctx: Ctx, c: Context, reference: string, form: FormData, version: number) {
  const content = tidyContent(typedContent(form))
  const saved = await saveDraft(ctx, reference, content, version)
  if (form.get('do') !== 'publish') return seeOther(ctx, c, `${LIST}/${reference}?done=saved`)
  const done = await publishPosting(ctx, reference, content, saved)
  if (done.ok) return seeOther(ctx, c, `${LIST}/${reference}?done=published`)
  c.status(422)
  const posting = await getPosting(ctx, reference)
  return <EditPosting ctx={ctx} posting={posting} content={content} errors={done.errors} />
}

const differing = (saved: Content, written: Content): Record<string, string> =>
  Object.fromEntries(
    CONTENT_COLUMNS.filter((name) => (saved[name] ?? '') !== (written[name] ?? '')).map((name) => [
      name,
      saved[name] ?? '',
    ]),
  )

type Props = {
  ctx: Ctx
  posting?: Posting
  content: Content
  errors?: Record<string, Remark>
  theirs?: Record<string, string>
  done?: string
  /** What is wrong with the copy of the contract that was sent. */
  copyError?: string
  /** An answer to an officer that was not taken. */
  answer?: { value?: string; error?: string }
}

export async function EditPosting({ ctx, posting, content, errors = {}, theirs = {}, done, copyError, answer }: Props) {
  const { t } = ctx
  const words = Object.fromEntries(
    Object.entries(inOrder(errors, CONTENT_COLUMNS)).map(([name, { key, values }]) => [name, t(key, values)]),
  )
  const path = posting ? pathOf(posting) : `${LIST}/new`
  const verified = await isVerifiedEmployer(ctx, postingFor(ctx).organisation_id)
  const conflict = Object.keys(theirs).length > 0
  const how = posting && (await standingOf(ctx, posting))
  // Whoever has to put something right is not led elsewhere.
  const next = how && !conflict && Object.keys(words).length === 0 ? nextStep(posting, how.standing) : 'publish'
  return (
    <WorkPage
      ctx={ctx}
      title={content.title || t('vacancies.posting.new')}
      current={posting ? LIST : `${LIST}/new`}
      path={path}
    >
      <Crumb href={localPath(ctx, LIST)} label={t('vacancies.posting.title')}>
        {posting && how && (
          <>
            <span class="code">{posting.reference}</span> <StandingTag ctx={ctx} standing={how.standing} />
          </>
        )}
      </Crumb>
      <Headline title={content.title || t('vacancies.posting.new')} lead={t('vacancies.posting.lead')} />
      {posting && how && <StandingPanel ctx={ctx} posting={posting} how={how} next={next} done={done} />}
      {posting && <AnswerPanel ctx={ctx} posting={posting} said={answer} />}
      <ErrorSummary
        ctx={ctx}
        errors={copyError ? { contract_copy: copyError } : answer?.error ? { words: answer.error } : summed(ctx, words)}
        title={
          Object.keys(words).length > 0
            ? t('vacancies.posting.not_yet', { count: Object.keys(words).length })
            : undefined
        }
      />
      {conflict && (
        <Note state="attention" title={t('vacancies.posting.conflict')} announce>
          {t('vacancies.posting.conflict_text')}
        </Note>
      )}
      <draft-form>
        <form method="post" action={localPath(ctx, path)} class="flow form" novalidate>
          <HiddenField name="version" value={posting?.version} />
          <PostingFields ctx={ctx} values={inParts(content)} words={words} theirs={theirs} />
          <Buttons>
            <Button
              kind={next === 'publish' ? 'filled' : 'second'}
              name="do"
              value="publish"
              icon="send"
              disabled={!verified}
            >
              {t(
                !verified
                  ? 'vacancies.posting.publish_later'
                  : posting?.published
                    ? 'vacancies.posting.publish_again'
                    : 'vacancies.posting.publish',
              )}
            </Button>
            <Button kind={next === 'publish' ? 'second' : 'plain'} name="do" value="save" icon="save">
              {t(conflict ? 'vacancies.posting.save_mine' : 'vacancies.posting.save')}
            </Button>
          </Buttons>
          <p class="quiet" role="status" data-kept>
            {t('vacancies.posting.undo_hint')}
          </p>
        </form>
      </draft-form>
      {posting && (
        <div class="form">
          <ContractCopyForm ctx={ctx} posting={posting} error={copyError} />
        </div>
      )}
    </WorkPage>
  )
}

// The same sentence stands at every cost whose payer is not said: in the summary each says which.
const summed = ({ t }: Ctx, words: Record<string, string>) =>
  Object.fromEntries(
    Object.entries(words).map(([name, said]) => [
      name,
      name.startsWith('pays_') ? `${t(`vacancies.code.cost.${name.slice('pays_'.length)}`)}: ${said}` : said,
    ]),
  )
