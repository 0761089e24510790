import { may } from '#kernel/access/authorise.ts'
import type { Ctx } from '#kernel/context.ts'
import type { FormValues } from '#kernel/http/forms.ts'
import { localPath } from '#kernel/http/page.ts'
import { RuleText } from '#kernel/law/rule-text.tsx'
import { Card, More } from '#kernel/ui/blocks.tsx'
import { Button } from '#kernel/ui/buttons.tsx'
import { HiddenField, TextArea, TextField } from '#kernel/ui/fields.tsx'
import { Note } from '#kernel/ui/states.tsx'
import type { Bearer } from '../payer.ts'
import { officeOf, type Removal } from '../removals.ts'
import { REMOVALS } from './paths.ts'

type Props = {
  ctx: Ctx
  removal: Removal
  bearer: Bearer | null
  values: FormValues
  words: Record<string, string>
}

/** Who pays for a departure, by which rule; where none is known, that it is so, and whom an officer named. */
export const PayerCard = ({ ctx, removal, bearer, values, words }: Props) => {
  const { t, format } = ctx
  if (bearer?.rule)
    return (
      <Card>
        <h2>{t('removals.payer.title')}</h2>
        <p>
          <b>
            {t(`removals.payer.${bearer.payer}${bearer.carrier === removal.carrier ? '_own' : ''}`, {
              carrier: removal.brought_by_name ?? removal.carrier_name,
            })}
          </b>
        </p>
        <RuleText ctx={ctx} unknown="" rule={bearer.rule} />
      </Card>
    )
  const named = bearer?.named
  const action = localPath(ctx, `${REMOVALS}/${removal.reference}/payer`)
  const names = may(ctx, 'removal.oversee') && !removal.withdrawn_at
  return (
    <Card id="payer-card">
      <h2>{t('removals.payer.title')}</h2>
      <Note state="unknown" title={t('removals.payer.unknown')}>
        {t('removals.payer.no_rule')}
      </Note>
      {named && (
        <>
          <p>
            <b>{t('removals.payer.named', { payer: named.payer })}</b>
          </p>
          <RelyingOn
            ctx={ctx}
            rule={named.rule}
            office={`${named.organisation_name}, ${format.date(named.named_at)}`}
          />
          {names && named.organisation_id === officeOf(ctx) && (
            <form method="post" action={action}>
              <HiddenField name="end" value="yes" />
              <Button kind="plain" icon="undo">
                {t('removals.payer.end')}
              </Button>
            </form>
          )}
        </>
      )}
      {names && !named && (
        <More icon="doc" label={t('removals.payer.name')} open={Object.keys(words).length > 0}>
          <form method="post" action={action} class="flow" novalidate>
            <p class="quiet">{t('removals.payer.name_text')}</p>
            <TextField
              name="payer"
              label={t('removals.payer.who')}
              hint={t('removals.payer.who_hint')}
              value={values.payer}
              error={words.payer}
              maxlength={200}
            />
            <TextArea
              name="rule"
              label={t('removals.payer.rule')}
              hint={t('removals.payer.rule_hint')}
              value={values.rule}
              error={words.rule}
              rows={3}
              maxlength={600}
            />
            <Button kind="second">{t('removals.payer.name')}</Button>
          </form>
        </More>
      )}
    </Card>
  )
}

/** What an officer relies on where no rule is known here, as she wrote it, and that it is her office's word. */
export const RelyingOn = ({ ctx: { t }, rule, office }: { ctx: Ctx; rule: string; office: string }) => (
  <p>
    {t('removals.payer.relying', { rule })} <span class="quiet">{t('removals.payer.by_office', { office })}</span>
  </p>
)
