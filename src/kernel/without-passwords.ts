/** An address without its passwords: those in the query, then all between the user and the last @. */
export const withoutPasswords = (address: string): string =>
  address
    .replace(/([?&])([^=?&#]+)=[^&#]*/g, (whole, sign: string, name: string) =>
      /pass|pwd|secret|token/i.test(decoded(name)) ? `${sign}${name}=••••` : whole,
    )
    .replace(/(\/\/[^:]*:).*(@)/, '$1••••$2')

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
