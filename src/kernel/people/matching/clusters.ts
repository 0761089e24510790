/**
 * Puts linked records together, the surest links first, and returns which links were kept. Two groups become one only if every record of
 * the one may stand beside every record of the other: so a father is not joined to a son by way of a brother.
 *
 * @param links pairs of record numbers with their bits
 * @param together whether two records may be one person; asked for pairs that have no link too
 */
export function joinLinks(
  links: readonly { a: number; b: number; bits: number }[],
  together: (a: number, b: number) => boolean,
): { kept: boolean[]; groups: number[][] } {
  const groupOf = new Map<number, number[]>()
  const kept = new Array<boolean>(links.length).fill(false)
  const order = links.map((_, at) => at).sort((x, y) => links[y]!.bits - links[x]!.bits || x - y)
  for (const at of order) {
    const { a, b } = links[at]!
    const left = groupOf.get(a) ?? [a]
    const right = groupOf.get(b) ?? [b]
    if (left !== right && !left.every((x) => right.every((y) => together(x, y)))) continue
    kept[at] = true
    if (left === right) continue
    const joined = [...left, ...right]
    for (const record of joined) groupOf.set(record, joined)
  }
  return { kept, groups: [...new Set(groupOf.values())] }
}
