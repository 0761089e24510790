import type { Child } from 'hono/jsx'
import type { Ctx } from '../context.ts'
import { Icon } from './icons.tsx'

type SheetColumn = { label: string /** The column's name in the file. */; source?: string }

export type SheetCell = {
  value: Child
  /** What stood in the file, when the value was repaired. */
  was?: string
  /** `fix`: repaired, look at it. `bad`: an error, the row is not taken. */
  state?: 'fix' | 'bad'
  /** Why, in a few words. */
  why?: string
}

type SheetRow = { number: number | string; cells: readonly SheetCell[] }

type SheetProps = {
  ctx: Ctx /** What the rows are, for those who hear the page. */
  label: string
  columns: readonly SheetColumn[]
  rows: readonly SheetRow[]
}

/** Rows of a file before they are taken over. On phones each is a card with only what must be checked. */
export const Sheet = ({ ctx, label, columns, rows }: SheetProps) => (
  <div class="sheet" tabindex={0} role="region" aria-label={label}>
    <table>
      <thead>
        <tr>
          <th scope="col" class="num">
            {ctx.t('ui.sheet.number')}
          </th>
          {columns.map((column) => (
            <th scope="col">
              {column.label}
              {column.source && <small>{column.source}</small>}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr>
            <th scope="row" class="num">
              {row.number}
            </th>
            {row.cells.map((cell, index) => (
              <Cell cell={cell} label={columns[index]?.label} />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  </div>
)

const Cell = ({ cell, label }: { cell: SheetCell; label?: string }) => (
  <td class={cell.state} data-h={label}>
    {cell.was !== undefined && (
      <>
        <del>{cell.was}</del>{' '}
      </>
    )}
    {cell.value}
    {cell.why && (
      <span class="why">
        <Icon name={cell.state === 'bad' ? 's-stop' : 's-attention'} />
        {cell.why}
      </span>
    )}
  </td>
)
