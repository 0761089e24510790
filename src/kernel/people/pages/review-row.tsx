import type { Child } from 'hono/jsx'
import type { Ctx } from '../../context.ts'
import { Tag } from '../../ui/states.tsx'
import { type Agreement, type Line, marked } from '../comparison.ts'
import { birthText, langOf, placeText } from './words.ts'

const TAGS = {
  equal: { state: 'ok', icon: 'eq' },
  alike: { state: 'attention', icon: 'sim' },
  differs: { state: 'stop', icon: 'ne' },
  nothing: { state: 'unknown', icon: 's-unknown' },
} as const
const ROWS: Record<Agreement, string | undefined> = {
  equal: undefined,
  alike: 'near-row',
  differs: 'no',
  nothing: undefined,
}

/** One line of the comparison: both values, what differs marked in place, and how far they agree, in words. */
export async function Row({ ctx, line }: { ctx: Ctx; line: Line }) {
  const { t } = ctx
  const { agreement, level, field } = line
  const [left, right] = await Promise.all([line.left, line.right].map((value) => shown(ctx, field, value)))
  const cells = agreement === 'alike' || agreement === 'differs' ? marked(left ?? '', right ?? '') : null
  return (
    <tr class={ROWS[agreement]}>
      <th scope="row">{t(`people.field.${field}`)}</th>
      <Cell ctx={ctx} side="a" value={left} parts={cells?.[0]} />
      <Cell ctx={ctx} side="b" value={right} parts={cells?.[1]} />
      <td class="how">
        <Tag {...TAGS[agreement]}>{t(`people.code.agreement.${agreement}`)}</Tag>
        {agreement !== 'nothing' && level !== 'differs' && (
          <small>{t(field === 'birth' ? `people.code.birth_level.${level}` : `people.code.level.${level}`)}</small>
        )}
      </td>
    </tr>
  )
}

async function shown(ctx: Ctx, field: string, value: string | null): Promise<string | null> {
  if (value === null) return null
  if (field === 'birth') return birthText(Number(value))
  if (field === 'sex') return ctx.t(`people.code.sex.${value}`)
  return field === 'citizenship' || field === 'district' ? placeText(ctx, value) : value
}

const Cell = ({
  ctx,
  side,
  value,
  parts,
}: {
  ctx: Ctx
  side: 'a' | 'b'
  value: string | null | undefined
  parts?: [string, string, string]
}): Child => (
  <td class={side}>
    {value ? (
      <span lang={langOf(value)}>
        {parts?.[1] ? (
          <>
            {parts[0]}
            <mark>{parts[1]}</mark>
            {parts[2]}
          </>
        ) : (
          value
        )}
      </span>
    ) : (
      <span class="quiet">{ctx.t('ui.not_stated')}</span>
    )}
  </td>
)
