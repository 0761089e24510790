import fc from 'fast-check'
import { LANGUAGES } from '#kernel/i18n/languages.ts'

// `FUZZ_RUNS=5000` for a long look.
const RUNS = Number(process.env.FUZZ_RUNS ?? 150)
/** Enough for that many. */
export const TIMEOUT = 60_000 + RUNS * 100

/** Holds for everything that is drawn, `share` of the usual number of times; the first counterexample ends it. */
export const always = (property: fc.IAsyncProperty<unknown>, share = 1) =>
  fc.assert(property, { numRuns: Math.ceil(RUNS * share), endOnFailure: true })

/** What people, machines and attackers write where a text is asked for. */
export const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary', maxLength: 300 }),
  // Lone surrogates, NUL and control characters, which `binary` seldom has.
  fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)) }),
  fc.string({ unit: fc.constantFrom(...'\0\b\n\r\t\x1b\x7f\'"\\%_:&|!()<*~-+'), maxLength: 20 }),
  fc.constantFrom(
    '\0',
    'сварщик',
    'дӯзанда',
    "l'été & <b>",
    '%',
    '\\',
    ':*',
    "''",
    'и'.repeat(199),
    '-1',
    'NaN',
    '1e999',
    'null',
    '__proto__',
    'true',
  ),
  fc.bigInt().map(String),
  fc.double().map(String),
  fc.date({ noInvalidDate: false }).map((date) => (Number.isNaN(date.getTime()) ? 'Invalid Date' : date.toISOString())),
  fc.constantFrom('9999-99-99', '2026-02-30', '+275760-09-13', '-000001-01-01', '2026-11-21'),
)
/** An id, or what almost is one. */
export const uuid = fc.oneof(
  fc.uuid(),
  fc.constantFrom('0'.repeat(36), '-'.repeat(36), '00000000-0000-0000-0000-00000000000g'),
)
const date = fc.constantFrom('2026-11-21', '9999-99-99', '0000-00-00', '2026-02-30', '1970-01-01')
/** Cursors that look right, and may be. */
const cursor = fc.oneof(
  fc.tuple(fc.integer({ min: 0, max: 9_999_999 }), date, uuid).map((parts) => parts.join('~')),
  fc
    .tuple(
      fc.constantFrom('2026-11-21T09:00:00Z', '2026-99-99T99:99:99Z', '....................', '9'.repeat(30)),
      uuid,
    )
    .map((parts) => parts.join('~')),
  fc.constantFrom('99999999999999999999~2026-11-21~', '1', '9'.repeat(19), '~~'),
  text,
)
/** What stands in closed lists, and what does not. */
export const code = fc.oneof(
  fc.constantFrom(
    'RU',
    'TJ',
    'KR',
    'XX',
    '7212',
    '7',
    '9999',
    'RU-TUL',
    'TJ-KT',
    'TJS',
    'RUB',
    'KRW',
    'KWD',
    'XXX',
    'ZZZ',
    'yes',
    'all',
    'foreigners',
    'seasonal',
    '30',
  ),
  text,
)
const number = fc.oneof(
  fc.integer().map(String),
  fc.constantFrom(
    '999999999999',
    '1000000000000',
    '1e12',
    '0x10',
    '٣٤',
    '1.5',
    '99999999999999999999',
    '9'.repeat(20),
    '1,5',
    '1 000',
  ),
  text,
)

const VALUES: Record<string, fc.Arbitrary<string>> = {
  after: cursor,
  cursor,
  before: fc.oneof(cursor, date, number),
  salary: number,
  salary_min: number,
  limit: number,
  days: number,
  since: fc.oneof(date, text),
}
const valueOf = (name: string) => VALUES[name] ?? fc.oneof(code, text)

/** Some of these names, some of them several times, some that nobody knows; escaped as browsers do, or carelessly. */
export const query = (names: readonly string[]) =>
  fc
    .array(
      fc.oneof(
        {
          weight: 9,
          arbitrary: fc.constantFrom(...names).chain((name) => valueOf(name).map((value) => [name, value] as const)),
        },
        { weight: 1, arbitrary: fc.tuple(text, text) },
      ),
      { maxLength: 6 },
    )
    .chain((pairs) =>
      fc
        .boolean()
        .map((tidy) =>
          tidy
            ? new URLSearchParams(pairs.map(([name, value]) => [name, value])).toString()
            : pairs.map(([name, value]) => `${rough(name)}=${rough(value)}`).join('&'),
        ),
    )

// Only what would end the query is escaped; halves of characters and lone percent signs go as they are.
const rough = (part: string) => part.toWellFormed().replace(/[#&\s\0-\x1f]/g, (sign) => encodeURIComponent(sign))

/** One of our languages. */
export const lang = fc.constantFrom(...LANGUAGES)
/** A text as one step of a path. */
export const pathPart = text.map((part) => encodeURIComponent(part.toWellFormed()))
