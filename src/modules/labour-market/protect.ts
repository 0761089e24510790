/** What stands for fewer is not shown: a figure of few people, adverts or hires may point at one. */
export const FEWEST = 10

type Counted = { basis: number | null; amount: bigint | null }

/**
 * Takes the amounts out of groups of fewer than ten. `adds`: the groups add up to a total that is shown; then a group that
 * stands alone among the hidden ones could be reckoned from it, so that the smallest of the others is hidden too.
 */
export function protect<T extends Counted>(groups: readonly T[], adds: boolean): T[] {
  const hide = new Set(groups.filter(({ basis }) => basis !== null && basis > 0 && basis < FEWEST))
  if (adds && hide.size === 1) {
    const [next] = groups.filter((group) => !hide.has(group) && group.basis).toSorted((a, b) => a.basis! - b.basis!)
    if (next) hide.add(next)
  }
  return groups.map((group) => (hide.has(group) ? { ...group, amount: null, basis: null } : group))
}
