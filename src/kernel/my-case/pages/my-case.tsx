import type { Context } from 'hono'
import type { Child, PropsWithChildren } from 'hono/jsx'
import { z } from 'zod'
import type { Ctx } from '../../context.ts'
import { type FormErrors, type FormValues, readForm } from '../../http/forms.ts'
import { keptNothing } from '../../http/limits.ts'
import { definePage, type Page } from '../../http/page.ts'
import { parseReference } from '../../ids.ts'
import { Empty } from '../../ui/blocks.tsx'
import { Button, LinkButton } from '../../ui/buttons.tsx'
import { ErrorSummary, errorTexts } from '../../ui/errors.tsx'
import { HiddenField, TextField } from '../../ui/fields.tsx'
import { PublicPage } from '../../ui/layout.tsx'
import { pathOf } from '../../ui/navigation.ts'
import { Note, type State } from '../../ui/states.tsx'
import { openHolder } from '../holders.ts'
import { type OpenedCase, readTicket, withTicket } from '../tickets.ts'

export const MY_CASE = '/my-case'

/** Reference and PIN as typed. What is wrong here is so for everybody: nothing is looked up. */
export const PROOF = {
  reference: z
    .string('my_case.form.reference_missing')
    .max(30, 'my_case.form.reference_wrong')
    .transform((text, at) => {
      const reference = parseReference(text)
      if (!reference) at.addIssue({ code: 'custom', message: 'my_case.form.reference_wrong' })
      return reference ?? ''
    }),
  pin: z
    .string('my_case.form.pin_missing')
    .transform((text) => text.replace(/\s/g, ''))
    .pipe(z.string().regex(/^\d{6}$/, 'my_case.form.pin_wrong')),
}
const Proof = z.object(PROOF)

/** What an act did, said on top of the page that follows. */
export type Said = { state: State; title: string; text?: Child }

/** What somebody without an account follows here: each part of the platform shows what it keeps under their reference. */
export const myCasePage = definePage({
  path: MY_CASE,
  access: 'public',
  get(ctx, c) {
    c.header('Cache-Control', 'no-store')
    return <Ask ctx={ctx} values={{}} errors={{}} />
  },
  async post(ctx, c, form) {
    const known = await readTicket(ctx, form)
    // Looking is no writing. A wrong PIN is a guess, and counts.
    if (known) {
      keptNothing(c)
      return overview(ctx, known)
    }
    if (form.has('ticket')) return ended(ctx, c)
    const read = readForm(Proof, form)
    if (!read.ok) {
      keptNothing(c)
      c.status(422)
      return <Ask ctx={ctx} values={read.values} errors={read.errors} />
    }
    const holder = await openHolder(ctx, read.value.reference, read.value.pin)
    if (holder) {
      keptNothing(c)
      return overview(ctx, withTicket(ctx, holder))
    }
    c.status(422)
    return <Ask ctx={ctx} values={read.values} errors={{}} outcome="wrong" />
  },
})

/** A page below *My case*: only forms lead there, and only with a ticket; without one it asks for reference and PIN again. */
export const defineCasePage = (
  path: string,
  post: (ctx: Ctx, c: Context, opened: OpenedCase, form: FormData) => Promise<Response | Child>,
  { bodyLimit }: Pick<Page, 'bodyLimit'> = {},
): Page =>
  definePage({
    path: `${MY_CASE}/${path}`,
    access: 'public',
    bodyLimit,
    async post(ctx, c, form) {
      const opened = await readTicket(ctx, form)
      return opened ? post(ctx, c, opened, form) : ended(ctx, c)
    },
  })

function ended(ctx: Ctx, c: Context) {
  c.status(422)
  return <Ask ctx={ctx} values={{}} errors={{}} outcome="ended" />
}

/** All that the parts keep for this person, with what an act just did. */
export async function overview(ctx: Ctx, opened: OpenedCase, said?: Said): Promise<Child> {
  const shown: Child[] = []
  // One after the other: they share one connection.
  for (const part of ctx.platform.parts) {
    const panel = await part.myCase?.(ctx, opened)
    if (panel) shown.push(panel)
  }
  return (
    <CaseFrame ctx={ctx} opened={opened} title={ctx.t('my_case.title')} said={said}>
      {shown.length > 0 ? (
        shown
      ) : (
        <Empty title={ctx.t('my_case.empty')} text={ctx.t('my_case.empty_text')}>
          <LinkButton kind="second" href={pathOf(ctx, '/help')}>
            {ctx.t('my_case.help')}
          </LinkButton>
        </Empty>
      )}
    </CaseFrame>
  )
}

type FrameProps = PropsWithChildren<{
  ctx: Ctx
  opened: OpenedCase
  title: string
  said?: Said
  /** Field id → sentence, of a form that was not taken. */
  words?: FormErrors
}>

/** Around everything that opened with reference and PIN: the way out, whose it is, what was just done. */
export const CaseFrame = ({ ctx, opened, title, said, words, children }: FrameProps) => (
  <PublicPage ctx={ctx} title={ctx.t('my_case.title')} path={MY_CASE} robots="noindex">
    <div class="flow">
      <p class="noprint">
        <LinkButton kind="second" icon="x" href={pathOf(ctx, '/vacancies')}>
          {ctx.t('my_case.leave')}
        </LinkButton>
      </p>
      <ErrorSummary ctx={ctx} errors={words} />
      <h1>{title}</h1>
      <p class="quiet">
        {ctx.t('my_case.reference')} <span class="code">{opened.reference}</span>
      </p>
      {said && (
        <Note state={said.state} title={said.title} announce>
          {said.text}
        </Note>
      )}
      {children}
    </div>
  </PublicPage>
)

type CaseFormProps = PropsWithChildren<{
  ctx: Ctx
  opened: OpenedCase
  /** Below *My case*; the overview without it. */
  path?: string
  upload?: boolean
  class?: string
}>

/** A form inside an opened case: it carries the ticket. */
export const CaseForm = ({ ctx, opened, path, upload, class: look, children }: CaseFormProps) => (
  <form
    method="post"
    action={pathOf(ctx, path ? `${MY_CASE}/${path}` : MY_CASE)}
    class={look}
    enctype={upload ? 'multipart/form-data' : undefined}
    autocomplete="off"
  >
    <HiddenField name="ticket" value={opened.ticket} />
    {children}
  </form>
)

type AskProps = { ctx: Ctx; values: FormValues; errors: FormErrors; outcome?: 'wrong' | 'ended' }

function Ask({ ctx, values, errors, outcome }: AskProps) {
  const { t } = ctx
  const words = errorTexts(ctx, errors)
  return (
    <PublicPage ctx={ctx} title={t('my_case.title')} path={MY_CASE} robots="noindex">
      <div class="flow">
        <h1>{t('my_case.title')}</h1>
        <p>{t('my_case.lead')}</p>
        <ErrorSummary ctx={ctx} errors={words} />
        {outcome && (
          <Note state={outcome === 'wrong' ? 'stop' : 'unknown'} title={t(`my_case.${outcome}.title`)} announce>
            {t(`my_case.${outcome}.text`)}
          </Note>
        )}
        <form method="post" action={pathOf(ctx, MY_CASE)} class="flow" autocomplete="off">
          <ProofFields ctx={ctx} values={values} words={words} />
          <Button icon="key">{t('my_case.form.open')}</Button>
        </form>
        <p class="quiet">{t('my_case.private')}</p>
        <p>
          <a href={pathOf(ctx, '/help')}>{t('my_case.lost')}</a>
        </p>
      </div>
    </PublicPage>
  )
}

/** Reference and PIN, for every page that asks for both. */
export const ProofFields = ({ ctx: { t }, values, words }: { ctx: Ctx; values: FormValues; words: FormErrors }) => (
  <>
    <TextField
      name="reference"
      label={t('my_case.form.reference')}
      hint={t('my_case.form.reference_hint')}
      value={values.reference}
      error={words.reference}
      autocomplete="off"
      spellcheck={false}
      maxlength={30}
    />
    <TextField
      name="pin"
      label={t('my_case.form.pin')}
      hint={t('my_case.form.pin_hint')}
      error={words.pin}
      autocomplete="off"
      inputmode="numeric"
      maxlength={12}
      width="digits"
    />
  </>
)
