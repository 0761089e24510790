import type { Ctx } from '#kernel/context.ts'
import type { FormErrors } from '#kernel/http/forms.ts'
import { type Entry, HOME, nameIn } from '#kernel/places/atlas.ts'
import { placesAtlas, resolvePlace } from '#kernel/places/places.ts'
import { coreOf, foldPlace, latinPlace } from '#kernel/places/spelling.ts'

// Where most slips lead to; every other town and region of the list can be written as well.
const ABROAD = 'RU'

/**
 * The route of a slip, from two places in whatever spelling, or what is wrong with them. What is signed is how the list of places
 * (`data/places`) calls them and nothing that was typed: under the state's signature it would read as the state's own words.
 */
export async function routeOf(ctx: Ctx, from: string, to: string): Promise<{ route: string } | { errors: FormErrors }> {
  const [here, there] = [await nameOf(ctx, from), await nameOf(ctx, to)]
  if (here && there && here !== there) return { route: `${here} → ${there}` }
  const errors: FormErrors = {}
  if (!here) errors.from = 'entry_check.slip.from_unknown'
  if (!there) errors.to = 'entry_check.slip.to_unknown'
  else if (here === there) errors.to = 'entry_check.slip.place_same'
  return { errors }
}

// A town by its own name, also where its region is called alike; the rest in the reader's language. A whole country is no route.
async function nameOf(ctx: Ctx, text: string): Promise<string | null> {
  const found = await resolvePlace(ctx, text)
  if (!found) return null
  const { code, matched } = found
  const atlas = await placesAtlas(ctx)
  if (atlas.places.get(code)!.kind === 'country') return null
  const [folded, latin] = [foldPlace(text), latinPlace(text)]
  const isMeant = (entry: Entry) =>
    entry.folded === folded || entry.latin === latin || (matched === 'settlement' && entry.latinCore === coreOf(latin))
  const town = atlas.entries.find((entry) => entry.code === code && entry.kind === 'settlement' && isMeant(entry))
  return town?.name ?? nameIn(atlas, ctx.lang, code)
}

/** What the form proposes: cities at home, and towns where most go. */
export async function proposedPlaces(ctx: Ctx): Promise<{ from: string[]; to: string[] }> {
  const atlas = await placesAtlas(ctx)
  const cities = [...atlas.places.values()].filter(({ code, kind }) => kind === 'city' && code.startsWith(HOME))
  const towns = atlas.entries.filter(({ code, kind }) => kind === 'settlement' && code.startsWith(`${ABROAD}-`))
  // Moscow and Saint Petersburg are regions of their own, with the name of the town.
  const sort = (names: readonly string[]) => [...new Set(names)].sort(ctx.format.compare)
  return {
    from: sort(cities.map(({ code }) => nameIn(atlas, ctx.lang, code))),
    to: sort([...['RU-MOW', 'RU-SPE'].map((code) => nameIn(atlas, ctx.lang, code)), ...towns.map(({ name }) => name)]),
  }
}
