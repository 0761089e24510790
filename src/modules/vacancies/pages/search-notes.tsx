import type { Child } from 'hono/jsx'
import type { Ctx } from '#kernel/context.ts'
import { localPath } from '#kernel/http/page.ts'
import { placePath } from '#kernel/places/places.ts'
import { Note } from '#kernel/ui/states.tsx'
import { type ListingQuery, questionOf } from '../conditions.ts'
import { doubtOf } from '../parts.ts'
import { type Asked, search } from './asked.ts'

/** Says how a search was understood where that is not plain: a slip put right, words or a place given up, nothing
 * better than a guess. */
export async function SearchNotes({ ctx, asked, query }: { ctx: Ctx; asked: Asked; query: ListingQuery }) {
  const { t } = ctx
  const { understood, lacking, tally } = await questionOf(ctx, query)
  const { corrected, words, tradeWords } = understood
  const doubt = doubtOf(understood, tally)
  const meant = [...tradeWords, ...(lacking === 'words' ? [] : words)].join(' ')
  const bold = (chunks: Child[]) => <b>{chunks}</b>
  return (
    <>
      {corrected && (
        <Note state="attention">
          {t.rich('vacancies.search.meant', { meant: corrected, typed: asked.q, b: bold })}{' '}
          <a href={localPath(ctx, `/vacancies${search(asked, { literal: 'yes', after: undefined })}`)}>
            {t('vacancies.search.literally', { typed: asked.q })}
          </a>
        </Note>
      )}
      {lacking && (
        <Note state="unknown">
          {lacking === 'place'
            ? t('vacancies.search.left_place', { place: await placesNamed(ctx, understood.places) })
            : t('vacancies.search.left_words', { words: words.join(' ') })}
        </Note>
      )}
      {doubt && <Note state="unknown">{t(`vacancies.search.${doubt}`, { words: meant })}</Note>}
    </>
  )
}

/** The place that the words of a search named, as it is called today; null when they named none, or it was given up. */
export async function placeAsked(ctx: Ctx, query: ListingQuery): Promise<string | null> {
  const { understood, lacking } = await questionOf(ctx, query)
  return understood.places.length === 0 || lacking === 'place' ? null : placesNamed(ctx, understood.places)
}

const MOST_PLACES = 3

const placesNamed = async (ctx: Ctx, codes: readonly string[]) =>
  ctx.format.list(await Promise.all(codes.slice(0, MOST_PLACES).map((code) => placePath(ctx, code))))
