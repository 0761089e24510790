import { z } from 'zod'
import type { Ctx } from '#kernel/context.ts'
import { type FormErrors, type FormValues, readForm } from '#kernel/http/forms.ts'
import { keptNothing } from '#kernel/http/limits.ts'
import { definePage } from '#kernel/http/page.ts'
import { PROOF, ProofFields } from '#kernel/my-case/pages/my-case.tsx'
import { Crumb } from '#kernel/ui/blocks.tsx'
import { Button } from '#kernel/ui/buttons.tsx'
import { ErrorSummary, errorTexts } from '#kernel/ui/errors.tsx'
import { PublicPage } from '#kernel/ui/layout.tsx'
import { pathOf } from '#kernel/ui/navigation.ts'
import { Note } from '#kernel/ui/states.tsx'
import { guarded } from '../limits.ts'
import { endPins, type Proven, proveHolder, readEnd } from '../pins.ts'
import { ENTRY_CHECK, Exit } from './ask.tsx'
import { padded } from './padded.ts'

const PATH = `${ENTRY_CHECK}/pin`
const Proof = z.object(PROOF)

/** Ends a PIN, for whoever has it or has just opened an answer with it. */
export const endPinPage = definePage({
  path: PATH,
  access: 'public',
  get: (ctx) => <End ctx={ctx} values={{}} errors={{}} />,
  async post(ctx, c, form) {
    if (form.has('ticket')) {
      const proven = readEnd(ctx, String(form.get('ticket')))
      return proven ? ended(proven) : padded(c, <End ctx={ctx} values={{}} errors={{}} outcome="late" />, 422)
    }
    const read = readForm(Proof, form)
    if (!read.ok) {
      keptNothing(c)
      return padded(c, <End ctx={ctx} values={read.values} errors={read.errors} />, 422)
    }
    const { reference, pin } = read.value
    const holder = await guarded(ctx, c, reference, () => proveHolder(ctx, reference, pin))
    return holder
      ? ended(holder.proven)
      : padded(c, <End ctx={ctx} values={read.values} errors={{}} outcome="wrong" />, 422)

    async function ended(proven: Proven) {
      if (await endPins(ctx, proven)) return padded(c, <Ended ctx={ctx} />, 200)
      return padded(c, <End ctx={ctx} values={{}} errors={{}} outcome="before" />, 422)
    }
  },
})

type Props = {
  ctx: Ctx
  values: FormValues
  errors: FormErrors
  /** Why no PIN ended. `before`: the one that opened the page counts no more; whoever has a newer one must not think that it is over. */
  outcome?: 'wrong' | 'late' | 'before'
}

function End({ ctx, values, errors, outcome }: Props) {
  const { t } = ctx
  const words = errorTexts(ctx, errors)
  return (
    <PublicPage ctx={ctx} title={t('entry_check.end.title')} current={ENTRY_CHECK} path={PATH} robots="noindex">
      <div class="flow">
        <Exit ctx={ctx} />
        <Crumb href={pathOf(ctx, ENTRY_CHECK)} label={t('entry_check.title')} />
        <h1>{t('entry_check.end.title')}</h1>
        <p>{t('entry_check.end.text')}</p>
        <p>{t('entry_check.end.slips')}</p>
        <ErrorSummary ctx={ctx} errors={words} />
        {outcome && (
          <Note state={outcome === 'wrong' ? 'stop' : 'attention'} title={t(`entry_check.${outcome}.title`)} announce>
            {t(`entry_check.${outcome}.text`)}
          </Note>
        )}
        <form method="post" class="flow" autocomplete="off">
          <ProofFields ctx={ctx} values={values} words={words} />
          <Button kind="danger">{t('entry_check.end.end')}</Button>
        </form>
      </div>
    </PublicPage>
  )
}

const Ended = ({ ctx }: { ctx: Ctx }) => (
  <PublicPage ctx={ctx} title={ctx.t('entry_check.end.title')} current={ENTRY_CHECK} path={PATH} robots="noindex">
    <div class="flow">
      <Exit ctx={ctx} />
      <h1>{ctx.t('entry_check.end.done')}</h1>
      <Note state="ok" title={ctx.t('entry_check.end.done_first')} announce>
        {ctx.t('entry_check.end.done_text')}
      </Note>
      <p>
        <a href={pathOf(ctx, '/help')}>{ctx.t('entry_check.how.where')}</a>
      </p>
    </div>
  </PublicPage>
)
