import type { Ctx } from '../../context.ts'
import type { FormErrors } from '../../http/forms.ts'
import { definePage } from '../../http/page.ts'
import { Pairs } from '../../ui/blocks.tsx'
import { Button } from '../../ui/buttons.tsx'
import { ErrorSummary, errorTexts } from '../../ui/errors.tsx'
import { TextField } from '../../ui/fields.tsx'
import { PublicPage } from '../../ui/layout.tsx'
import { pathOf } from '../../ui/navigation.ts'
import { Note, NotStated } from '../../ui/states.tsx'
import { VERIFY, type Verified, verifyLetter } from '../letters.ts'

/** "Is this letter right?", for whoever holds one: by its square code, or by number and code as typed. */
export const verifyLetterPage = definePage({
  path: VERIFY,
  access: 'public',
  async get(ctx, c) {
    const [n, code = ''] = [c.req.query('n'), c.req.query('c')].map((text) => text?.slice(0, 40).trim())
    const number = n ?? ''
    // Half of it says nothing about the letter.
    const errors: FormErrors = n === undefined ? {} : missing(number, code)
    const isFull = number !== '' && code !== ''
    // A letter can be withdrawn at any moment, and what was asked is nobody's concern.
    if (number) c.header('Cache-Control', 'no-store')
    const found = isFull && (await verifyLetter(ctx, number, code))
    return <Verify ctx={ctx} number={number} code={code} found={found} errors={errors} />
  },
})

const missing = (number: string, code: string): FormErrors => ({
  ...(!number && { n: 'letters.verify.number_missing' }),
  ...(!code && { c: 'letters.verify.code_missing' }),
})

/** `found`: false before anybody asked for a whole letter. */
type Props = { ctx: Ctx; number: string; code: string; found: Verified | undefined | false; errors: FormErrors }

const Verify = ({ ctx, number, code, found, errors }: Props) => {
  const { t } = ctx
  const words = errorTexts(ctx, errors)
  return (
    <PublicPage ctx={ctx} title={t('letters.verify.title')} path={VERIFY} robots={number ? 'noindex' : undefined}>
      <div class="flow">
        <h1>{t('letters.verify.title')}</h1>
        {found === false ? (
          <p>{t('letters.verify.lead')}</p>
        ) : found === undefined ? (
          <Note state="stop" title={t('letters.verify.unknown')} announce>
            {t('letters.verify.unknown_text')}
          </Note>
        ) : (
          <Found ctx={ctx} found={found} number={number} />
        )}
        <ErrorSummary ctx={ctx} errors={words} />
        <form method="get" action={pathOf(ctx, VERIFY)} class="flow" autocomplete="off">
          <TextField
            name="n"
            label={t('letters.verify.number')}
            hint={t('letters.verify.number_hint')}
            value={number}
            error={words.n}
            autocomplete="off"
            spellcheck={false}
            maxlength={40}
          />
          <TextField
            name="c"
            label={t('letters.verify.code')}
            hint={t('letters.verify.code_hint')}
            value={code}
            error={words.c}
            autocomplete="off"
            spellcheck={false}
            maxlength={40}
          />
          <Button icon="search">{t('letters.verify.check')}</Button>
        </form>
        <p class="quiet">{t('letters.verify.nothing_about')}</p>
      </div>
    </PublicPage>
  )
}

const Found = ({ ctx, found, number }: { ctx: Ctx; found: Verified; number: string }) => {
  const { t, format } = ctx
  return (
    <>
      {found.withdrawn_at ? (
        <Note state="stop" title={t('letters.verify.withdrawn', { date: format.date(found.withdrawn_at) })} announce>
          {t('letters.verify.withdrawn_text')}
        </Note>
      ) : (
        <Note state="ok" title={t('letters.verify.issued')} announce>
          {t('letters.verify.issued_text')}
        </Note>
      )}
      <Pairs
        items={[
          [t('letters.verify.issuer'), found.issuer],
          [t('letters.verify.date'), format.date(found.issued_at)],
          [t('letters.verify.number'), <span class="code">{number.toUpperCase()}</span>],
          [t('letters.verify.rows'), found.rows === null ? <NotStated ctx={ctx} /> : format.number(found.rows)],
        ]}
      />
    </>
  )
}
