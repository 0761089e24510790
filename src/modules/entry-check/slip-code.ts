// What stands in the square code of a slip. Read by the server and, without network, by the page that verifies it.

/** The parts of a slip: bound to one passport and one route; instants in seconds since 1970. */
export type Slip = {
  id: string
  /** See `bindingOf`. */
  passport: string
  route: string
  issued: number
  until: number
  list: number
  /** The day of the newest list, ISO. */
  list_on: string
}

const VERSION = 2

/**
 * So many rounds that one try takes half a second here and about one on a cheap telephone. SHA-512, because graphics cards gain
 * least on it of what browsers have. Whoever changes it makes another version: slips that are out must still be read.
 */
const ROUNDS = 500_000

const LATIN: Record<string, string> = {
  ...{ А: 'A', В: 'B', С: 'C', Е: 'E', Н: 'H', К: 'K', М: 'M', О: 'O', Р: 'P', Т: 'T', У: 'Y', Х: 'X' },
}

/** A document number as it is compared on slips: capitals and digits only, Cyrillic look-alikes as Latin ones. */
export const plainDocument = (text: string): string =>
  Array.from(text.normalize('NFKC').toUpperCase(), (letter) => LATIN[letter] ?? letter)
    .join('')
    .replace(/[^A-Z0-9]/g, '')

/**
 * What binds a slip to a passport without its number standing there: both number and birth date go in, slowly (PBKDF2), so that
 * who only sees the slip has some hundred thousand million pairs to try. What remains is in `docs/privacy.md`.
 * `birth`: year·10000 + month·100 + day. Answers 16 bytes in hexadecimal.
 */
export async function bindingOf(id: string, document: string, birth: number): Promise<string> {
  const bytes = (text: string) => new TextEncoder().encode(text)
  const key = await crypto.subtle.importKey('raw', bytes(`${plainDocument(document)} ${birth}`), 'PBKDF2', false, [
    'deriveBits',
  ])
  const salt = bytes(`hamsafar slip ${id}`)
  const bits = await crypto.subtle.deriveBits({ name: 'PBKDF2', hash: 'SHA-512', salt, iterations: ROUNDS }, key, 128)
  return Array.from(new Uint8Array(bits), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** The signed text of a slip. */
export const slipText = ({ id, passport, route, issued, until, list, list_on }: Slip): string =>
  JSON.stringify([VERSION, id, passport, route, issued, until, list, list_on])

/** The slip that a signed text says; null for anything else. */
export function readSlip(text: string): Slip | null {
  try {
    const [version, id, passport, route, issued, until, list, list_on] = JSON.parse(text)
    const texts = [id, passport, route, list_on].every((part) => typeof part === 'string')
    const numbers = [issued, until, list].every((part) => Number.isInteger(part))
    return version === VERSION && texts && numbers ? { id, passport, route, issued, until, list, list_on } : null
  } catch {
    return null
  }
}
