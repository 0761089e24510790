import type { Child } from 'hono/jsx'

export type Column = {
  label: string
  /** Numbers, set at the end of the cell. */
  num?: boolean
  /** In a short card: without its label, on a line of its `own`, or `with` the cell before. */
  card?: 'own' | 'with'
}

/** A cell that a short card leaves out until the reader asks for all of them. */
export class Aside {
  readonly value: Child
  constructor(value: Child) {
    this.value = value
  }
}

type TableProps = {
  /** What the table shows; `hidden` where a heading right above says it. */
  caption: string
  hidden?: boolean
  columns: readonly Column[]
  rows: readonly (readonly (Child | Aside)[])[]
  /**
   * `cards`: each row becomes a card on phones; `short`: with what needs to be seen, see `Column` and `Aside`, and beside it `WholeCards`.
   * `scroll`: the table moves inside its frame, the page never.
   */
  narrow?: 'cards' | 'short' | 'scroll'
  class?: string
}

/** A real table. The first cell of a row is its heading. */
export const Table = ({ caption, hidden, columns, rows, narrow = 'cards', class: extra }: TableProps) => {
  const table = (
    <table
      class={
        [narrow !== 'scroll' && 'stack', narrow === 'short' && 'short', extra].filter(Boolean).join(' ') || undefined
      }
    >
      <caption class={hidden ? 'vh' : undefined}>{caption}</caption>
      <thead>
        <tr>
          {columns.map((column) => (
            <th scope="col" class={column.num ? 'num' : undefined}>
              {column.label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr>{row.map((value, index) => cell(value, index, columns[index]))}</tr>
        ))}
      </tbody>
    </table>
  )
  if (narrow !== 'scroll') return table
  return (
    <div class="scroll" role="region" aria-label={caption} tabindex={0}>
      {table}
    </div>
  )
}

/** Right before a table of short cards: shows all of their cells. Works without script, and stays away where there is room for them. */
export const WholeCards = ({ label }: { label: string }) => (
  <label class="pick whole">
    <input type="checkbox" autocomplete="off" />
    <span>{label}</span>
  </label>
)

const cell = (value: Child | Aside, index: number, column: Column | undefined) => {
  const [shown, away] = value instanceof Aside ? [value.value, true] : [value, false]
  if (index === 0) return <th scope="row">{shown}</th>
  const classes = [column?.num && 'num', column?.card, away && 'away'].filter(Boolean).join(' ')
  return (
    <td class={classes || undefined} data-h={column?.label}>
      {shown}
    </td>
  )
}
