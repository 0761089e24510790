import { describe, expect, test } from 'vitest'
import { inBatches } from './batches.ts'
import type { StoredRow } from './rows.ts'

const row = (number: number) => ({ number }) as StoredRow
const upTo =
  (last: number, size: number) =>
  async (after: number): Promise<StoredRow[]> =>
    Array.from({ length: Math.min(size, Math.max(0, last - after)) }, (_, i) => row(after + 1 + i))

describe('rows in batches', () => {
  test('are dealt with in order, each with what was reckoned of it, and the next is reckoned meanwhile', async () => {
    const reckoned: number[] = []
    const dealt: number[][] = []
    await inBatches(
      upTo(24, 10),
      (rows) => rows.map(({ number }) => (reckoned.push(number), number * 2)),
      async (rows, doubled) => {
        expect(await doubled).toEqual(rows.map(({ number }) => number * 2))
        dealt.push(rows.map(({ number }) => number))
        const before = reckoned.length
        for (let i = 0; i < 100 && reckoned.length < 25; i++) await new Promise(setImmediate)
        if (dealt.length < 3) expect(reckoned.length).toBeGreaterThan(before)
        return true
      },
    )
    expect(dealt.map((numbers) => [numbers[0], numbers.at(-1)])).toEqual([
      [0, 9],
      [10, 19],
      [20, 24],
    ])
  })

  test('that cannot be reckoned say so with their own batch', async () => {
    const heard: string[] = []
    await inBatches(
      upTo(24, 10),
      (rows) => {
        if (rows.some(({ number }) => number === 15)) throw new Error('fifteen')
        return [...rows]
      },
      async (rows, reckoned) => {
        await reckoned.then(
          () => heard.push(`${rows[0]!.number} went`),
          (error: Error) => heard.push(`${rows[0]!.number} ${error.message}`),
        )
        return true
      },
    )
    expect(heard).toEqual(['0 went', '10 fifteen', '20 went'])
  })

  test('are read while those before are dealt with; where that fails, it is said after them', async () => {
    const dealt: number[] = []
    let read = 0
    const reading = inBatches(
      async (after) => {
        read++
        if (after >= 19) throw new Error('the database is away')
        return upTo(100, 10)(after)
      },
      (rows) => [...rows],
      async (rows) => {
        expect(read).toBe(dealt.length + 2)
        await new Promise(setImmediate)
        dealt.push(rows[0]!.number)
        return true
      },
    )
    await expect(reading).rejects.toThrow('the database is away')
    expect(dealt).toEqual([0, 10])
  })

  test('end where nobody wants more', async () => {
    let batches = 0
    await inBatches(
      upTo(1000, 10),
      (rows) => [...rows],
      async () => ++batches < 3,
    )
    expect(batches).toBe(3)
  })
})
