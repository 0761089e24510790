/** What is stated of filters, as names and values for an address or for hidden fields. */
export const stated = (filters: object): [name: string, value: string][] =>
  Object.entries(filters).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]))

/** The same as the query of an address, with its question mark; empty when nothing is stated. */
export function queryOf(filters: object): string {
  const query = new URLSearchParams(stated(filters)).toString()
  return query && `?${query}`
}
