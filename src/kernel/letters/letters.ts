import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { keysFor } from '../access/secret-key.ts'
import { fingerprint } from '../access/secrets.ts'
import { audit, type Subject } from '../audit/audit.ts'
import type { Ctx, StaffActor } from '../context.ts'
import { keepFile, writeFile } from '../files/files.ts'
import { inLanguage } from '../i18n/in-language.ts'
import type { Lang } from '../i18n/languages.ts'
import { newId, newReference, parseReference, referenceOf } from '../ids.ts'
import { problem } from '../problem.ts'
import type { Issued, Sheet } from './sheet.ts'

// What draws is read when the first letter is: a tenth of a second that a start need not wait for.
const drawLetter = async (sheet: Sheet, issued: Issued): Promise<Buffer> =>
  (await import('./draw.ts')).drawLetter(sheet, issued)

/** The languages in which letters are written. */
export const LETTER_LANGUAGES = ['tg', 'ru'] as const satisfies readonly Lang[]
export type LetterLang = (typeof LETTER_LANGUAGES)[number]

/** Where everybody verifies a letter. */
export const VERIFY = '/letters/verify'
/** Where staff open one: `/work/letters/{reference}`. */
export const LETTERS = '/work/letters'
/** The PDF is forgotten then; that the letter was issued stays, and can be verified. */
export const PDF_YEARS = 5

/** A letter as its row tells it. It says nothing about any person. */
export type Letter = {
  id: string
  reference: string
  code: string
  /** Message key of its name. */
  kind: string
  issuer: string
  recipient: string | null
  lang: LetterLang
  subject_type: string
  subject_id: string
  rows: number | null
  file_id: string | null
  issued_at: Temporal.Instant
  withdrawn_at: Temporal.Instant | null
}

type NewLetter = {
  kind: string
  lang: LetterLang
  /** In whose name; the actor's organisation without it. */
  issuer?: string
  recipient?: string | null
  /** Who of the keeper's staff may open it. */
  permission: string
  subject: Subject
  /** How many rows it states; null where it states none. */
  rows: number | null
  /** In the letter's language: `ctx` of the sheet is that of `lang`. */
  sheet: Sheet
}

/**
 * Issues a letter: its number, its code and its PDF, encrypted in the store, in the transaction of its row. The same letter
 * asked for again is the one that is there. The actor's organisation keeps it. Answers its reference.
 */
export async function issueLetter(ctx: Ctx, letter: NewLetter): Promise<string> {
  const { organisation_id, user_id } = ctx.actor as StaffActor
  const { kind, lang, subject, rows, permission, issuer = organisation_id, recipient = null } = letter
  const [key] = keysFor(ctx.platform.config, 'letters')
  const said = JSON.stringify(letter.sheet)
  const content = fingerprint(key!, `content ${said}`)
  const same = () =>
    ctx.db
      .selectFrom('letters.letter')
      .select('reference')
      .where('kind', '=', kind)
      .where('subject_id', '=', subject.id)
      .where('lang', '=', lang)
      .where('content', '=', content)
      .where('withdrawn_at', 'is', null)
      .executeTakeFirst()
  const before = await same()
  if (before) return before.reference

  const [id, reference] = [newId(), newReference(12)]
  const digest = createHash('sha256').update(said).digest('hex')
  const code = referenceOf(fingerprint(key!, JSON.stringify([reference, issuer, ctx.now, rows, digest])))
  const content_pdf = await drawLetter(letter.sheet, issuedIn(ctx, lang, { reference, code }))
  const name = `${ctx.t(kind)} ${reference}.pdf`
  const expires = ctx.now.toZonedDateTimeISO('UTC').add({ years: PDF_YEARS }).toInstant()
  const file = await writeFile(
    ctx,
    { name, type: 'application/pdf', content: [content_pdf] },
    { permission, protect: true, expires },
  )
  const kept = await ctx.db
    .insertInto('letters.letter')
    .values({
      ...{ id, reference, code, kind, lang, issuer, recipient, rows, permission, content, file_id: file.id },
      ...{ keeper: organisation_id, issued_by: user_id, issued_at: ctx.now },
      ...{ subject_type: subject.type, subject_id: subject.id },
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  // Two presses of the button at the same moment: the other one was faster, and the file here is taken away by the reaper.
  if (kept.numInsertedOrUpdatedRows === 0n) return (await same())!.reference
  await keepFile(ctx, file.id)
  await audit(ctx, 'letter.issue', { type: 'letter', id: reference }, { kind, lang, rows })
  return reference
}

/** A sheet that nobody issues, such as what somebody writes in their own name: without number, kept nowhere. */
export const drawOwnLetter = (ctx: Ctx, lang: LetterLang, sheet: Sheet): Promise<Buffer> =>
  drawLetter(sheet, issuedIn(ctx, lang, null))

function issuedIn(ctx: Ctx, lang: LetterLang, proof: { reference: string; code: string } | null): Issued {
  const { t, format } = inLanguage(ctx, lang)
  const page = `${ctx.platform.config.origin}/${lang}${VERIFY}`
  return {
    lang,
    at: ctx.now,
    date: format.date(ctx.now),
    number: proof && proof.reference,
    words: {
      number: t('letters.sheet.number'),
      to: t('letters.sheet.to'),
      signature: t(proof ? 'letters.sheet.signature' : 'letters.sheet.own_signature'),
      page: (number, of) => t('letters.sheet.page', { number, of }),
    },
    verification: proof && {
      address: `${page}?n=${proof.reference}&c=${proof.code}`,
      lines: [
        t('letters.sheet.verify'),
        page.replace(/^https?:\/\//, ''),
        t('letters.sheet.verify_number', proof),
        t('letters.sheet.verify_nothing'),
      ],
    },
  }
}

const letters = (ctx: Ctx) =>
  ctx.db
    .selectFrom('letters.letter')
    .select(['id', 'reference', 'code', 'kind', 'issuer', 'recipient', 'lang', 'subject_type', 'subject_id', 'rows'])
    .select(['file_id', 'issued_at', 'withdrawn_at'])
    .$castTo<Letter>()

/** A letter that the actor's organisation keeps. Throws the problem `not_found` for all others. */
export async function getLetter(ctx: Ctx, reference: string): Promise<Letter> {
  const found = await letters(ctx)
    .where('reference', '=', parseReference(reference) ?? '')
    .executeTakeFirst()
  if (!found) throw problem('not_found')
  return found
}

/** The letters about one thing that the actor's organisation keeps, the newest first. */
export const lettersAbout = (ctx: Ctx, { type, id }: Subject): Promise<Letter[]> =>
  letters(ctx)
    .where('subject_type', '=', type)
    .where('subject_id', '=', id)
    .orderBy('issued_at', 'desc')
    .orderBy('reference')
    .limit(50)
    .execute()

/** Withdraws a letter: whoever verifies it is told. Repeating it changes nothing. */
export async function withdrawLetter(ctx: Ctx, { id, reference }: Letter): Promise<void> {
  const { numUpdatedRows } = await ctx.db
    .updateTable('letters.letter')
    .set({ withdrawn_at: ctx.now, withdrawn_by: (ctx.actor as StaffActor).user_id })
    .where('id', '=', id)
    .where('withdrawn_at', 'is', null)
    .executeTakeFirst()
  if (numUpdatedRows > 0n) await audit(ctx, 'letter.withdraw', { type: 'letter', id: reference })
}

export type Verified = {
  issuer: string
  rows: number | null
  issued_at: Temporal.Instant
  withdrawn_at: Temporal.Instant | null
}

/** What may be known of a letter by whoever holds it; undefined when number and code are not those of one. */
export async function verifyLetter(ctx: Ctx, reference: string, code: string): Promise<Verified | undefined> {
  const { rows } = await sql<Verified>`
    select organisations.name_of(v.issuer, ${ctx.lang}) as issuer, v.rows, v.issued_at, v.withdrawn_at
    from letters.verify(${parseReference(reference) ?? ''}, ${parseReference(code) ?? ''}) v`.execute(ctx.db)
  return rows[0]
}
