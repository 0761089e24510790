import type { SearchSource } from '#kernel/search/staff-search.ts'
import { listClaims } from './claims.ts'
import { moneyText } from './money.ts'
import { CLAIMS, REMOVALS } from './pages/paths.ts'
import { CLAIM_LOOKS } from './pages/words.tsx'
import { listRemovals } from './removals.ts'

/** Removals by reference or by the number of a flight, train or bus; never by who was on board. */
export const removalSearch: SearchSource = {
  name: 'removals',
  permission: 'removal.read',
  label: 'removals.list.title',
  async find(ctx, q, limit, after) {
    const { t, format } = ctx
    return (await listRemovals(ctx, { q, after }, limit)).map((removal) => ({
      cursor: removal.reference,
      icon: 'road',
      title: [removal.service ?? t(`removals.code.mode.${removal.mode}`), format.date(removal.left_on)].join(' · '),
      href: `${REMOVALS}/${removal.reference}`,
      why: [removal.reference, removal.carrier_name, moneyText(ctx, removal.costs)].filter(Boolean).join(' · '),
      state: { state: 'unknown', icon: 'people', label: t(`removals.code.category.${removal.category}`) },
    }))
  },
}

/** Claims by reference. */
export const claimSearch: SearchSource = {
  name: 'removal_claims',
  permission: 'removal.read',
  label: 'removals.claims.title',
  async find(ctx, q, limit, after) {
    return (await listClaims(ctx, { q, after }, limit)).map((claim) => ({
      cursor: claim.reference,
      icon: 'money',
      title: ctx.t('removals.claim.title', { reference: claim.reference }),
      href: `${CLAIMS}/${claim.reference}`,
      why: `${claim.carrier_name} · ${ctx.format.money(claim)}`,
      state: { state: CLAIM_LOOKS[claim.state], label: ctx.t(`removals.code.state.${claim.state}`) },
    }))
  },
}
