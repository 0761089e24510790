import type { Ctx } from '#kernel/context.ts'
import { localPath } from '#kernel/http/page.ts'
import { Card } from '#kernel/ui/blocks.tsx'
import { Button } from '#kernel/ui/buttons.tsx'
import { RadioGroup } from '#kernel/ui/choices.tsx'
import { HiddenField, TextField } from '#kernel/ui/fields.tsx'
import type { Notice } from '#modules/expulsions/public.ts'
import { joinable, joinedTo } from '../joining.ts'
import type { Removal } from '../removals.ts'
import { REMOVALS } from './paths.ts'

/** Which measure or refusal a removal carried out: what is known of the same person, or a measure by its number. For officers. */
export async function JoinCard({ ctx, removal }: { ctx: Ctx; removal: Removal }) {
  const { t } = ctx
  const action = localPath(ctx, `${REMOVALS}/${removal.reference}/join`)
  const joined = await joinedTo(ctx, removal)
  if (joined)
    return (
      <Card id="join">
        <h2>{t('removals.join.title')}</h2>
        <p>
          {joined.reference ? (
            <a href={localPath(ctx, `/work/expulsions/measures/${joined.reference}`)}>{noticeText(ctx, joined)}</a>
          ) : (
            noticeText(ctx, joined)
          )}
        </p>
        <form method="post" action={action}>
          <HiddenField name="apart" value={joined.join_id} />
          <Button kind="plain" icon="undo">
            {t('removals.join.apart')}
          </Button>
        </form>
      </Card>
    )
  const known = await joinable(ctx, removal)
  return (
    <Card id="join">
      <h2>{t('removals.join.title')}</h2>
      <p class="quiet">{t('removals.join.lead')}</p>
      <form method="post" action={action} class="flow">
        {known.length > 0 && (
          <RadioGroup
            name="notice"
            label={t('removals.join.known')}
            options={known.map((notice) => ({ value: notice.id, label: noticeText(ctx, notice) }))}
          />
        )}
        <TextField
          name="measure"
          label={t('removals.join.measure')}
          hint={t('removals.join.measure_hint')}
          autocomplete="off"
          width="short"
        />
        <Button kind="second">{t('removals.join.button')}</Button>
      </form>
    </Card>
  )
}

const noticeText = ({ t, format }: Ctx, { kind, reference, on }: Notice): string =>
  [
    kind === 'refusal' ? t('removals.join.refusal') : t(`expulsions.code.measure.${kind}`),
    reference,
    on && format.date(on),
  ]
    .filter(Boolean)
    .join(' · ')
