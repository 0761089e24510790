import { z } from 'zod'
import type { Ctx } from '#kernel/context.ts'
import { asset } from '#kernel/http/assets.ts'
import { type FormValues, readForm } from '#kernel/http/forms.ts'
import { keptNothing } from '#kernel/http/limits.ts'
import { definePage } from '#kernel/http/page.ts'
import { savedPage } from '#kernel/http/saved-page.ts'
import { LANGUAGES } from '#kernel/i18n/languages.ts'
import { Button } from '#kernel/ui/buttons.tsx'
import { DateField } from '#kernel/ui/date-field.tsx'
import { TextArea, TextField } from '#kernel/ui/fields.tsx'
import { PublicPage } from '#kernel/ui/layout.tsx'
import { Note, type State } from '#kernel/ui/states.tsx'
import { publicKey } from '../signing-key.ts'
import { revokedSlips, type Verdict, verifySlip } from '../slips.ts'
import { ENTRY_CHECK } from './ask.tsx'
import { readBirth } from './document.ts'
import { Never } from './slip.tsx'

const PATH = `${ENTRY_CHECK}/verify`
const Shown = z.object({
  code: z.string().max(4000).optional(),
  document: z.string().max(40).optional(),
  birth_day: z.string().optional(),
  birth_month: z.string().optional(),
  birth_year: z.string().optional(),
})

// A slip is never "ok": it says what was not found, and when.
const STATES: Record<Verdict['state'] | 'checking' | 'stale' | 'incapable', State> = {
  missing: 'attention',
  checking: 'unknown',
  valid: 'unknown',
  stale: 'attention',
  revoked: 'stop',
  ended: 'attention',
  other_document: 'stop',
  forged: 'stop',
  incapable: 'unknown',
}

/** Verifies a slip: on the telephone itself, without network once the page was open; without script by asking the server. */
export const verifyPage = definePage({
  path: PATH,
  access: 'public',
  get: verifyDocument,
  async post(ctx, c, form) {
    const read = readForm(Shown, form)
    const { code = '', document = '' } = read.ok ? read.value : {}
    const verdict = await verifySlip(ctx, code.slice(code.indexOf('#') + 1).trim(), document, readBirth(ctx, form))
    c.header('Cache-Control', 'no-store')
    // A whole form is a try at a passport, and takes half a second.
    if (verdict.state === 'missing') keptNothing(c)
    return <Verify ctx={ctx} verdict={verdict} values={read.values} known={await knownNow(ctx)} />
  },
})

/** Keeps the page, its key and its list of revoked slips for reading without network. */
export const verifyWorkerPage = definePage({
  path: '/entry-check-worker.js',
  access: 'public',
  get: async (ctx, c) =>
    savedPage(ctx, c, { family: 'slips', path: PATH, page: await verifyDocument(ctx), script: 'slip.js' }),
})

type Known = { key: string; revoked: string[]; made: Temporal.Instant }

async function verifyDocument(ctx: Ctx) {
  return <Verify ctx={ctx} known={await knownNow(ctx)} />
}

// To five minutes: the page stays the same in between, so that it is kept once and not each minute anew. The script knows that
// (`client/slip.ts`): a slip that was made just now is not younger than the page that is fetched to verify it.
async function knownNow(ctx: Ctx): Promise<Known> {
  const made = ctx.now.round({ smallestUnit: 'minute', roundingIncrement: 5, roundingMode: 'floor' })
  return { key: (await publicKey(ctx))?.toString('base64url') ?? '', revoked: await revokedSlips(ctx), made }
}

type Props = { ctx: Ctx; known: Known; verdict?: Verdict; values?: FormValues }

function Verify({ ctx, known, verdict, values = {} }: Props) {
  const { t, format } = ctx
  const made = format.dateTime(known.made)
  // From the server it is what the page is about; a script writes it under the button that was pressed.
  const outcome = (
    <slip-check
      class="flow"
      data-key={known.key}
      data-revoked={known.revoked.join(' ')}
      data-made={known.made.epochMilliseconds / 1000}
      data-languages={LANGUAGES.join(' ')}
      data-worker="/entry-check-worker.js"
    >
      {(Object.keys(STATES) as (keyof typeof STATES)[]).map((state) => (
        <div data-state={state} hidden={state !== verdict?.state}>
          <Note state={STATES[state]} title={t(`entry_check.verify.${state}`)} announce>
            {t(`entry_check.verify.${state}_text`)}
          </Note>
        </div>
      ))}
      <p data-slip hidden={!verdict?.slip}>
        {t('entry_check.slip.route')}: <b data-part="route">{verdict?.slip?.route}</b>
        <br />
        {t('entry_check.answer.checked')}: <b data-part="issued">{verdict?.slip && utc(verdict.slip.issued)}</b>
        <br />
        {t('entry_check.slip.until')}: <b data-part="until">{verdict?.slip && utc(verdict.slip.until)}</b>
        <br />
        {t('entry_check.answer.list')}:{' '}
        <b>
          <span data-part="list">{verdict?.slip?.list}</span> ·{' '}
          <span data-part="list_on">{verdict?.slip?.list_on}</span>
        </b>
      </p>
    </slip-check>
  )
  return (
    <PublicPage
      ctx={ctx}
      title={t('entry_check.verify.title')}
      current={ENTRY_CHECK}
      path={PATH}
      head={<script type="module" src={asset('slip.js')} />}
    >
      <div class="flow">
        <h1>{t('entry_check.verify.title')}</h1>
        <Never ctx={ctx} />
        <p>{t('entry_check.verify.lead')}</p>
        {verdict && outcome}
        <form method="post" class="flow" autocomplete="off" id="slip-form">
          <TextArea
            name="code"
            label={t('entry_check.verify.code')}
            hint={t('entry_check.verify.code_hint')}
            value={values.code}
            rows={3}
          />
          <TextField
            name="document"
            label={t('entry_check.verify.document')}
            value={values.document}
            autocomplete="off"
            spellcheck={false}
            maxlength={40}
          />
          <DateField
            ctx={ctx}
            name="birth"
            label={t('entry_check.desk.birth')}
            value={{ day: values.birth_day, month: values.birth_month, year: values.birth_year }}
          />
          <Button icon="search">{t('entry_check.verify.check')}</Button>
        </form>
        {!verdict && outcome}
        <p class="quiet">{t('entry_check.verify.made', { date: made })}</p>
        <p class="quiet">{t('entry_check.verify.nothing_sent')}</p>
      </div>
    </PublicPage>
  )
}

// Carriers work in many time zones: one clock for all of them, as the script writes it too.
const utc = (seconds: number) =>
  `${Temporal.Instant.fromEpochMilliseconds(seconds * 1000)
    .toString({ smallestUnit: 'minute' })
    .slice(0, 16)
    .replace('T', ' ')} UTC`
