import { may } from '#kernel/access/authorise.ts'
import type { Ctx } from '#kernel/context.ts'
import { localPath } from '#kernel/http/page.ts'
import { Card } from '#kernel/ui/blocks.tsx'
import { Button } from '#kernel/ui/buttons.tsx'
import { HiddenField } from '#kernel/ui/fields.tsx'
import { Tag } from '#kernel/ui/states.tsx'
import { Table } from '#kernel/ui/table.tsx'
import type { Cost } from '../costs.ts'
import { moneyText } from '../money.ts'
import { officeOf, type Removal } from '../removals.ts'
import { CLAIMS, REMOVALS } from './paths.ts'
import { ClaimTag } from './words.tsx'

type Props = { ctx: Ctx; removal: Removal; costs: readonly Cost[] /** Somebody else is to pay. */; claimable: boolean }

/** What a departure cost, line by line, with the claim that each line stands in. */
export function CostsCard({ ctx, removal, costs, claimable }: Props) {
  const { t, format } = ctx
  const path = `${REMOVALS}/${removal.reference}`
  const open = costs.some(({ claim, withdrawn_at }) => !claim && !withdrawn_at)
  return (
    <Card id="costs">
      <h2>{t('removals.costs.title')}</h2>
      {costs.length === 0 ? (
        <p>{t('removals.costs.none')}</p>
      ) : (
        <Table
          caption={t('removals.costs.title')}
          hidden
          columns={['kind', 'amount', 'added', 'claim', 'act'].map((key) => ({
            label: t(`removals.costs.column.${key}`),
            num: key === 'amount',
          }))}
          rows={costs.map((cost) => [
            t(`removals.code.cost.${cost.kind}`),
            format.money(cost),
            format.date(cost.added_at),
            <CostState ctx={ctx} cost={cost} />,
            cost.organisation_id === officeOf(ctx) && !cost.claim && may(ctx, 'removal.enter') ? (
              <form method="post" action={localPath(ctx, `${path}/costs`)}>
                <HiddenField name="cost" value={cost.id} />
                {cost.withdrawn_at && <HiddenField name="back" value="yes" />}
                <Button kind="plain" icon={cost.withdrawn_at ? 'undo' : 'x'}>
                  {t(cost.withdrawn_at ? 'removals.costs.back' : 'removals.costs.withdraw')}
                </Button>
              </form>
            ) : (
              '–'
            ),
          ])}
        />
      )}
      {removal.costs.length > 0 && (
        <p>
          {t('removals.costs.sum')} <b>{moneyText(ctx, removal.costs)}</b>{' '}
          {removal.costs.length > 1 && <span class="quiet">{t('removals.costs.apart')}</span>}
        </p>
      )}
      {may(ctx, 'removal.claim') && claimable && open && !removal.withdrawn_at && (
        <form method="post" action={localPath(ctx, `${path}/claims`)}>
          <Button icon="doc">{t('removals.costs.claim')}</Button>
        </form>
      )}
    </Card>
  )
}

function CostState({ ctx, cost }: { ctx: Ctx; cost: Cost }) {
  const { t } = ctx
  if (cost.withdrawn_at) return <Tag state="stop">{t('removals.costs.withdrawn')}</Tag>
  if (!cost.claim || !cost.claim_state) return <Tag state="unknown">{t('removals.code.state.none')}</Tag>
  return (
    <>
      <ClaimTag ctx={ctx} state={cost.claim_state} />{' '}
      <a href={localPath(ctx, `${CLAIMS}/${cost.claim}`)} class="code">
        {cost.claim}
      </a>
    </>
  )
}
