/** What stands in a letter, in its language, from top to bottom. Plain texts: no mark-up. */
export type Part =
  | { kind: 'text'; text: string }
  | { kind: 'heading'; text: string }
  | { kind: 'pairs'; rows: readonly (readonly [label: string, value: string])[] }
  | {
      kind: 'table'
      /** `width`: its share of the line. */
      columns: readonly { label: string; width: number }[]
      rows: readonly (readonly string[])[]
    }

export type Sheet = {
  /** Who writes: an organisation, or a person in their own name. */
  from: readonly string[]
  /** To whom: line by line; nobody for what stays in the file. */
  to: readonly string[]
  heading: string
  parts: readonly Part[]
  /** With a line to sign by hand. */
  signed: boolean
}

/** What is added when a sheet goes out: date, number and how to verify it, each word in the letter's language. */
export type Issued = {
  lang: string
  date: string
  number: string | null
  words: { number: string; to: string; signature: string; page(number: number, of: number): string }
  verification: { address: string; lines: readonly string[] } | null
  at: Temporal.Instant
}
