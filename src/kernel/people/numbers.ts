import { fingerprint, open, seal } from '../access/secrets.ts'
import { foldDocument } from './matching/roll.ts'
import type { RegistryKeys } from './registry-key.ts'

/**
 * A document number in the one spelling under which it is looked up: without what is written or not, without the zeros that
 * spreadsheets lose, look-alikes among the digits made digits (4ОО and 400, 1І2 and 112). The letters it begins with are a series and
 * stay letters: AO123456 is not A0123456, that is A123456. Not for people's eyes.
 */
export function oneSpelling(number: string): string {
  const folded = foldDocument(number).replace(/[ІӀ]/g, 'I')
  const series = /^\p{L}*/u.exec(folded)![0]
  const digits = folded.slice(series.length).replace(/[OQ]/g, '0').replace(/[IL]/g, '1')
  return series + digits.replace(/(?<![0-9])0+(?=[0-9])/g, '')
}

/** The blind index of a document number: equal for equal numbers, however they are written; worthless without the key. */
export const numberIndex = ({ index }: RegistryKeys, number: string): Buffer =>
  fingerprint(index, `document ${oneSpelling(number)}`)

/** The blind index of a telephone number; it counts by its last nine digits, so that +992, 992 and 8 make no difference. */
export const phoneIndex = ({ index }: RegistryKeys, phone: string): Buffer =>
  fingerprint(index, `phone ${phone.replace(/\D/g, '').slice(-9)}`)

/** Seals a text for one row of one table. */
export const sealText = ({ sealing }: RegistryKeys, text: string, owner: string): Buffer =>
  seal(sealing, Buffer.from(text, 'utf8'), owner)

/** Opens what `sealText` sealed for the same row. Throws for any other. */
export const openText = ({ sealing }: RegistryKeys, sealed: Buffer, owner: string): string =>
  open(sealing, sealed, owner).toString('utf8')

export const documentOwner = (id: string) => `people.document ${id}`
export const contactOwner = (id: string) => `people.contact ${id}`

/** The end of a number, as pages show it: `•••• 4471`. Of short numbers less, so that half stays hidden. */
export const maskedNumber = (number: string): string =>
  `•••• ${number.slice(number.length - Math.min(4, Math.floor(number.length / 2)))}`
