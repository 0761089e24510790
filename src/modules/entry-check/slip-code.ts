// What stands in the square code of a slip. Read by the server and, without network, by the page that verifies it.

/** The parts of a slip: bound to one document and one route; instants in seconds since 1970. */
export type Slip = {
  id: string
  /** SHA-256 over the slip's id and the document's number, the first 16 bytes in hexadecimal. */
  document: string
  route: string
  issued: number
  until: number
  list: number
  /** The day of the newest list, ISO. */
  list_on: string
}

const LATIN: Record<string, string> = {
  ...{ А: 'A', В: 'B', С: 'C', Е: 'E', Н: 'H', К: 'K', М: 'M', О: 'O', Р: 'P', Т: 'T', У: 'Y', Х: 'X' },
}

/** A document number as it is compared on slips: capitals and digits only, Cyrillic look-alikes as Latin ones. */
export const plainDocument = (text: string): string =>
  Array.from(text.normalize('NFKC').toUpperCase(), (letter) => LATIN[letter] ?? letter)
    .join('')
    .replace(/[^A-Z0-9]/g, '')

/** What is hashed of a document, so that its number does not stand in the slip. */
export const documentText = (id: string, number: string) => `hamsafar slip ${id} ${plainDocument(number)}`

/** The signed text of a slip. */
export const slipText = ({ id, document, route, issued, until, list, list_on }: Slip): string =>
  JSON.stringify([1, id, document, route, issued, until, list, list_on])

/** The slip that a signed text says; null for anything else. */
export function readSlip(text: string): Slip | null {
  try {
    const [version, id, document, route, issued, until, list, list_on] = JSON.parse(text)
    const texts = [id, document, route, list_on].every((part) => typeof part === 'string')
    const numbers = [issued, until, list].every((part) => Number.isInteger(part))
    return version === 1 && texts && numbers ? { id, document, route, issued, until, list, list_on } : null
  } catch {
    return null
  }
}
