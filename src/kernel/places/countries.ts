import type { Ctx } from '../context.ts'
import { HOME, nameIn } from './atlas.ts'
import { placesAtlas } from './places.ts'

/** All countries to choose from, by their names in the reader's language, the one at home first. */
export async function countryOptions(ctx: Ctx): Promise<{ value: string; label: string }[]> {
  const atlas = await placesAtlas(ctx)
  return [...atlas.places.values()]
    .filter(({ kind, withdrawn }) => kind === 'country' && !withdrawn)
    .map(({ code }) => ({ value: code, label: nameIn(atlas, ctx.lang, code) }))
    .sort((a, b) => Number(b.value === HOME) - Number(a.value === HOME) || ctx.format.compare(a.label, b.label))
}
