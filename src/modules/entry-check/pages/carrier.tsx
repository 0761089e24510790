import { z } from 'zod'
import type { Ctx } from '#kernel/context.ts'
import { asset } from '#kernel/http/assets.ts'
import { definePage, localPath } from '#kernel/http/page.ts'
import { problem } from '#kernel/problem.ts'
import { Headline } from '#kernel/ui/blocks.tsx'
import { Button } from '#kernel/ui/buttons.tsx'
import { DateField } from '#kernel/ui/date-field.tsx'
import { TextField } from '#kernel/ui/fields.tsx'
import { Note, type State } from '#kernel/ui/states.tsx'
import { WorkPage } from '#kernel/ui/work-layout.tsx'
import { INPUTS } from '../carrier/passenger.ts'
import { CARRY, evaluateBlinded, referPassenger, takeBuckets } from '../carrier/query.ts'
import { ENTRY_CHECK } from './ask.tsx'

export const CARRIER_CHECK = '/work/carrier-check'

const text = z.string().max(60)
const several = z
  .string()
  .max(600)
  .transform((all) => all.split(','))
const head = z.string().regex(/^\d{1,5}$/)
const Step = z.discriminatedUnion('step', [
  z.object({ step: z.literal('ask'), points: several.pipe(z.array(text).length(INPUTS)) }),
  z.object({ step: z.literal('tags'), query: z.uuid(), heads: several.pipe(z.array(head).length(INPUTS)) }),
  z.object({ step: z.literal('refer'), query: z.uuid(), token: text }),
])

// Never "ok": nothing found is no permission.
const STATES: Record<string, State> = {
  missing: 'attention',
  asking: 'unknown',
  nothing: 'unknown',
  refer: 'attention',
  off: 'stop',
  quota: 'stop',
  failed: 'stop',
}

/** One passenger at a counter: blinded by the page's script; what is typed has nowhere to go without it. */
export const carrierCheckPage = definePage({
  path: CARRIER_CHECK,
  access: CARRY,
  get: (ctx) => <CarrierCheck ctx={ctx} />,
  async post(ctx, c, form) {
    const read = Step.safeParse(Object.fromEntries(form))
    if (!read.success) throw problem('invalid')
    const step = read.data
    if (step.step === 'ask') return c.json(await evaluateBlinded(ctx, step.points))
    if (step.step === 'tags') return c.json(await takeBuckets(ctx, step.query, step.heads.map(Number)))
    await referPassenger(ctx, step.query, step.token)
    return c.json({})
  },
})

async function CarrierCheck({ ctx }: { ctx: Ctx }) {
  const { t } = ctx
  const row = await ctx.db.selectFrom('entry_check.key').select('oprf_public').executeTakeFirst()
  const field = (name: 'document' | 'family' | 'given') => (
    <TextField name={name} label={t(`entry_check.desk.${name}`)} autocomplete="off" spellcheck={false} maxlength={60} />
  )
  return (
    <WorkPage
      ctx={ctx}
      title={t('entry_check.carrier.title')}
      current={CARRIER_CHECK}
      head={<script type="module" src={asset('carrier.js')} />}
    >
      <Headline title={t('entry_check.carrier.title')} lead={t('entry_check.carrier.lead')} />
      <noscript>
        <Note state="attention" title={t('entry_check.carrier.script')}>
          {t('entry_check.carrier.script_text')}
        </Note>
      </noscript>
      <carrier-check data-key={row?.oprf_public?.toString('base64') ?? ''}>
        <form class="card flow" autocomplete="off" novalidate hidden>
          {field('document')}
          <DateField ctx={ctx} name="birth" label={t('entry_check.desk.birth')} value={{}} />
          {field('family')}
          {field('given')}
          <Button icon="search">{t('entry_check.carrier.ask')}</Button>
        </form>
        <div aria-live="polite">
          {Object.entries(STATES).map(([state, look]) => (
            <div data-state={state} hidden>
              <Note state={look} title={t(`entry_check.carrier.${state}`)}>
                {state === 'nothing' ? (
                  <>
                    {t('entry_check.answer.list')}: <b data-part="list" /> · <b data-part="list_on" />.{' '}
                    {t('entry_check.carrier.nothing_text')}
                  </>
                ) : state === 'refer' ? (
                  <>
                    <p>{t('entry_check.carrier.refer_text')}</p>
                    <p>{t('entry_check.carrier.refer_desk')}</p>
                    <p>{t('entry_check.carrier.refer_rebook')}</p>
                    <p>
                      <a href={localPath(ctx, ENTRY_CHECK)}>{t('entry_check.title')}</a>
                    </p>
                  </>
                ) : (
                  t(`entry_check.carrier.${state}_text`)
                )}
              </Note>
            </div>
          ))}
        </div>
      </carrier-check>
      <p class="quiet">{t('entry_check.carrier.private')}</p>
    </WorkPage>
  )
}
