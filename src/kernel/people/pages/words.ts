import type { Ctx } from '../../context.ts'
import { placePath } from '../../places/places.ts'
import { nameText, type StatedName } from '../facts.ts'

/** A birth date as far as it is known: `12.04.1991`, `04.1991`, `1991`; null when it is not. */
export function birthText(birth: number | null): string | null {
  if (!birth) return null
  const [year, month, day] = [Math.floor(birth / 10_000), Math.floor(birth / 100) % 100, birth % 100]
  const two = (part: number) => String(part).padStart(2, '0')
  return [day && two(day), month && two(month), year].filter(Boolean).join('.')
}

/** The different names of a person, the first as the heading. */
export const namesText = (names: readonly StatedName[]): string[] => [...new Set(names.map(nameText))].filter(Boolean)

/** How a name is written, for readers and for those who hear the page. */
export const scriptOf = (text: string): 'tg' | 'ru' | 'latin' =>
  /[ғӣқӯҳҷ]/i.test(text) ? 'tg' : /\p{Script=Cyrillic}/u.test(text) ? 'ru' : 'latin'

/** The language in which a name is read out; none for Latin letters. */
export const langOf = (text: string): string | undefined => ({ tg: 'tg', ru: 'ru', latin: undefined })[scriptOf(text)]

/** The name of a place code, or the text as a source wrote it. */
export async function placeText(ctx: Ctx, place: string | null): Promise<string | null> {
  if (!place) return null
  return placePath(ctx, place)
}

/** A probability in two digits, in three where it matters; never 1: nothing is certain. */
export function probabilityText({ format }: Ctx, value: number): string {
  if (value > 0.999) return `> ${format.number(0.999, { maximumFractionDigits: 3 })}`
  const digits = value > 0.99 ? 1000 : 100
  return format.number(Math.floor(value * digits) / digits, { maximumFractionDigits: 3 })
}
