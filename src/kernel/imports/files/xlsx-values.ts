// ECMA-376 part 1, 18.8.30: the number formats that are built in and show dates or times.
const BUILT_IN_DATES: readonly (readonly [number, number])[] = [
  [14, 22],
  [27, 36],
  [45, 47],
  [50, 58],
]

/** Whether a number format shows days or times: by its number, or by the letters in its code. */
export function isDateFormat(id: number, code: string | undefined): boolean {
  if (code === undefined) return BUILT_IN_DATES.some(([from, to]) => id >= from && id <= to)
  const bare = code.replace(/"[^"]*"|\\.|_.|\*.|\[(?![hms]+\])[^\]]*\]/gi, '')
  return /[ymdhs]/i.test(bare) && !/general/i.test(bare)
}

/**
 * A day serial as text: 2026-11-21, with a time 2026-11-21T13:48:00, below one day 13:48:00. Serials below 60 are
 * a day off because Excel keeps Lotus's 29 February 1900. A number no calendar has stays a number.
 */
export function dateText(serial: number, epoch1904: boolean): string {
  if (serial < 0 || serial > 2_958_466) return numberText(serial)
  const seconds = Math.round(serial * 86_400)
  const time = Temporal.PlainTime.from('00:00')
    .add({ seconds: seconds % 86_400 })
    .toString({ smallestUnit: 'second' })
  const days = Math.floor(seconds / 86_400)
  if (days === 0 && !epoch1904) return time
  const start = epoch1904 ? '1904-01-01' : days < 60 ? '1899-12-31' : '1899-12-30'
  const date = Temporal.PlainDate.from(start).add({ days }).toString()
  return seconds % 86_400 === 0 ? date : `${date}T${time}`
}

/** A number as people would type it: the 15 digits Excel knows. */
export const numberText = (value: number): string => String(Number(value.toPrecision(15)))
