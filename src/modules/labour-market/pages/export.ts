import { defineExport } from '#kernel/exports/export.ts'
import { decimalOf } from '#kernel/money.ts'
import { figuresOf, toldMonths } from '../reading.ts'

/** All figures of a month, with what each stands for; protected ones are empty. */
export const marketExport = defineExport({
  name: 'labour_market.figures',
  title: 'labour_market.title',
  permission: null,
  act: 'labour_market.export',
  headings: () => ['month', 'measure', 'split', 'value', 'currency', 'amount', 'stands_for', 'protected', 'sample'],
  async *rows(ctx, search) {
    const months = await toldMonths(ctx)
    const asked = search.get('month')
    const month = asked ? months.find((told) => `${told}`.slice(0, 7) === asked) : months[0]
    if (!month) return
    for (const { measure, split, value, currency, amount, basis, sample } of await figuresOf(ctx, month))
      yield [
        `${month}`.slice(0, 7),
        measure,
        split,
        value,
        currency,
        amount === null ? null : currency ? decimalOf({ amount, currency }) : Number(amount),
        basis,
        amount === null,
        sample,
      ]
  },
})
