import { z } from 'zod'
import { may } from '#kernel/access/authorise.ts'
import type { Ctx } from '#kernel/context.ts'
import { readForm } from '#kernel/http/forms.ts'
import { definePage, localPath, seeOther } from '#kernel/http/page.ts'
import { LETTER_LANGUAGES, LETTERS } from '#kernel/letters/letters.ts'
import { LettersCard } from '#kernel/letters/pages/letter.tsx'
import { problem } from '#kernel/problem.ts'
import { Card } from '#kernel/ui/blocks.tsx'
import { Button } from '#kernel/ui/buttons.tsx'
import { RadioGroup } from '#kernel/ui/choices.tsx'
import { SelectField } from '#kernel/ui/fields.tsx'
import { type BatchLine, getBatch, type Hop, hopsOf, officeOf } from '../batches.ts'
import { BATCH_LETTERS, issueBatchLetter, watches } from '../letters.ts'
import { BATCHES } from '../notices.ts'
import { listQuestions } from '../questions.ts'

const Wanted = z.object({
  letter: z.string().regex(new RegExp(`^(${BATCH_LETTERS.join('|')})(:[0-9a-f-]{36}|:all)?$`)),
  lang: z.enum(LETTER_LANGUAGES),
})

/** Makes a letter about a batch, or one to each recipient. */
export const batchLettersPage = definePage({
  path: `${BATCHES}/:reference/letters`,
  access: 'expulsion.acknowledge',
  async post(ctx, c, form) {
    const batch = await getBatch(ctx, c.req.param('reference')!)
    const read = readForm(Wanted, form)
    if (!read.ok) throw problem('bad_request')
    const { lang } = read.value
    const [letter, to] = read.value.letter.split(':') as [(typeof BATCH_LETTERS)[number], string | undefined]
    if (to !== 'all') {
      const reference = await issueBatchLetter(ctx, batch, { letter, to, lang })
      return seeOther(ctx, c, `${LETTERS}/${reference}`)
    }
    const mine = (await hopsOf(ctx, batch.id)).filter(({ from_organisation }) => from_organisation === officeOf(ctx))
    for (const { to_organisation } of mine)
      await issueBatchLetter(ctx, batch, { letter: 'cover', to: to_organisation, lang })
    return seeOther(ctx, c, `${BATCHES}/${batch.reference}#letters`)
  },
})

/** The letters that the reader's office can make about a batch, and those it has made. */
export async function BatchLetters({ ctx, batch, hops }: { ctx: Ctx; batch: BatchLine; hops: readonly Hop[] }) {
  const { t } = ctx
  const options = may(ctx, 'expulsion.acknowledge') ? await choices(ctx, batch, hops) : []
  return (
    <>
      {options.length > 0 && (
        <Card>
          <form method="post" action={localPath(ctx, `${BATCHES}/${batch.reference}/letters`)} class="flow">
            <h2>{t('expulsions.letters.title')}</h2>
            <SelectField name="letter" label={t('expulsions.letters.which')} options={options} />
            <RadioGroup
              name="lang"
              label={t('expulsions.letters.lang')}
              value="ru"
              options={LETTER_LANGUAGES.map((value) => ({ value, label: t(`letters.code.lang.${value}`) }))}
            />
            <Button kind="second" icon="doc">
              {t('expulsions.letters.make')}
            </Button>
          </form>
        </Card>
      )}
      <LettersCard ctx={ctx} subject={{ type: 'batch', id: batch.reference }} />
    </>
  )
}

async function choices(ctx: Ctx, batch: BatchLine, hops: readonly Hop[]) {
  const { t } = ctx
  const office = officeOf(ctx)
  const key = batch.kind === 'decision' ? 'decision' : 'cover'
  const sent = hops.filter(({ from_organisation }) => from_organisation === office)
  const given = hops.filter(({ to_organisation }) => to_organisation === office)
  const asked = (await listQuestions(ctx, { batch_id: batch.id, open: true, limit: 50 })).some(
    ({ from_organisation }) => from_organisation === office,
  )
  const watching = given.length > 0 && (await watches(ctx))
  return [
    ...sent.map(({ to_organisation, to_name }) => ({
      value: `cover:${to_organisation}`,
      label: t(`expulsions.letters.${key}`, { to: to_name }),
    })),
    ...(sent.length > 1
      ? [{ value: 'cover:all', label: t(`expulsions.letters.${key}_all`, { count: sent.length }) }]
      : []),
    ...given.flatMap(({ from_name, to_organisation }) => [
      ...(watching ? [{ value: 'receipt', label: t('expulsions.letters.receipt', { to: from_name }) }] : []),
      { value: 'receipt_rows', label: t('expulsions.letters.receipt_rows') },
      { value: `cover:${to_organisation}`, label: t('expulsions.letters.cover_of', { from: from_name }) },
    ]),
    ...(asked ? [{ value: 'request', label: t('expulsions.letters.request') }] : []),
  ]
}
