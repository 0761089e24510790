import type { Child } from 'hono/jsx'

export type Column = { label: string /** Numbers, set at the end of the cell. */; num?: boolean }

type TableProps = {
  /** What the table shows; `hidden` where a heading right above says it. */
  caption: string
  hidden?: boolean
  columns: readonly Column[]
  rows: readonly (readonly Child[])[]
  /** `cards`: each row becomes a card on phones. `scroll`: the table moves inside its frame, the page never. */
  narrow?: 'cards' | 'scroll'
  class?: string
}

/** A real table. The first cell of a row is its heading. */
export const Table = ({ caption, hidden, columns, rows, narrow = 'cards', class: extra }: TableProps) => {
  const table = (
    <table class={[narrow === 'cards' && 'stack', extra].filter(Boolean).join(' ') || undefined}>
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

const cell = (value: Child, index: number, column: Column | undefined) =>
  index === 0 ? (
    <th scope="row">{value}</th>
  ) : (
    <td class={column?.num ? 'num' : undefined} data-h={column?.label}>
      {value}
    </td>
  )
