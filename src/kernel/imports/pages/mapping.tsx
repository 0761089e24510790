import type { Ctx } from '../../context.ts'
import { definePage, seeOther } from '../../http/page.ts'
import { maskedNumber } from '../../people/numbers.ts'
import { problem } from '../../problem.ts'
import { Button, Buttons } from '../../ui/buttons.tsx'
import { ErrorSummary } from '../../ui/errors.tsx'
import { SelectField } from '../../ui/fields.tsx'
import { pathOf } from '../../ui/navigation.ts'
import { Note } from '../../ui/states.tsx'
import type { Column } from '../columns.ts'
import { chooseSheet, getImport, type Import, kindOf, mapColumns, mappingProblems } from '../imports.ts'
import type { ImportField } from '../kind.ts'
import { ImportPage, importPath } from './steps.tsx'

type MappingPageProps = {
  ctx: Ctx
  found: Import
  chosen?: Map<number, string>
  problems?: ReturnType<typeof mappingProblems>
}

/** Which column means what: guessed, with the first values of each, for a person to put right. */
export function MappingPage({ ctx, found, chosen, problems }: MappingPageProps) {
  const kind = kindOf(ctx, found)
  const fields = chosen ?? new Map(Object.entries(found.mapping).map(([field, column]) => [column, field]))
  const options = kind.fields.map(({ name, label, required }) => ({
    value: name,
    label: required ? ctx.t('imports.mapping.required', { field: ctx.t(label) }) : ctx.t(label),
  }))
  return (
    <ImportPage ctx={ctx} found={found} title={ctx.t('imports.mapping.title')} step={2}>
      <ErrorSummary ctx={ctx} errors={problemTexts(ctx, found, problems)} />
      {found.sheets.length > 1 && <SheetChoice ctx={ctx} found={found} />}
      <p>{ctx.t('imports.mapping.lead', { rows: found.rows })}</p>
      <LeftOut ctx={ctx} found={found} mapped={fields} />
      <form method="post" action={pathOf(ctx, importPath(found, '/mapping'))}>
        {found.headings.map((column) => (
          <SelectField
            name={`column_${column.column}`}
            label={columnName(ctx, column)}
            hint={samplesText(
              ctx,
              column,
              kind.fields.find(({ name }) => name === fields.get(column.column)),
            )}
            options={options}
            empty={ctx.t('imports.mapping.ignore')}
            value={fields.get(column.column) ?? ''}
            error={problems?.columns[column.column] && ctx.t(problems.columns[column.column]!)}
          />
        ))}
        <Buttons>
          <Button>{ctx.t('imports.mapping.check')}</Button>
          <Button kind="plain" formaction={pathOf(ctx, importPath(found, '/cancellation'))}>
            {ctx.t('imports.cancel')}
          </Button>
        </Buttons>
      </form>
    </ImportPage>
  )
}

function samplesText({ t }: Ctx, { samples }: Column, field: ImportField | undefined): string {
  if (samples.length === 0) return t('imports.mapping.no_samples')
  return t('imports.mapping.samples', { samples: samples.map((text) => shown(text, field)).join(' · ') })
}

// Nobody said yet what the column is, and it may be a document.
const NUMBER = /(?<![\p{L}\p{N}.])(?:\p{L}{1,4}[\s№-]*)?\d{6,}(?![.\p{N}])/gu

const shown = (text: string, field: ImportField | undefined): string =>
  field ? (field.show?.(text) ?? text) : text.replace(NUMBER, maskedNumber)

/** What of the file is not taken though somebody may count on it. */
function LeftOut({ ctx: { t, format }, found, mapped }: { ctx: Ctx; found: Import; mapped: Map<number, string> }) {
  const columns = found.headings.filter(({ column, heading }) => heading !== '' && !mapped.has(column))
  return (
    <>
      {found.hidden_sheets.length > 0 && (
        <Note state="attention" title={t('imports.mapping.hidden', { sheets: format.list(found.hidden_sheets) })} />
      )}
      {columns.length > 0 && (
        <p>{t('imports.mapping.left_out', { columns: format.list(columns.map(({ heading }) => heading)) })}</p>
      )}
    </>
  )
}

const SheetChoice = ({ ctx, found }: { ctx: Ctx; found: Import }) => (
  <form method="post" action={pathOf(ctx, importPath(found, '/sheet'))}>
    <SelectField
      name="sheet"
      label={ctx.t('imports.mapping.sheet')}
      options={found.sheets.map((value) => ({ value, label: value }))}
      value={found.sheet}
    />
    <Buttons>
      <Button kind="second">{ctx.t('imports.mapping.read_sheet')}</Button>
    </Buttons>
  </form>
)

const columnName = (ctx: Ctx, { column, heading }: Column) =>
  heading || ctx.t('imports.mapping.unnamed', { number: column + 1 })

/** Field ids and sentences; a required field that no column has leads to the first choice. */
function problemTexts(ctx: Ctx, found: Import, problems: MappingPageProps['problems']): Record<string, string> {
  if (!problems) return {}
  const texts = Object.fromEntries(
    Object.entries(problems.columns).map(([column, key]) => [`column_${column}`, ctx.t(key)]),
  )
  const labels = new Map(kindOf(ctx, found).fields.map(({ name, label }) => [name, ctx.t(label)]))
  const missing = problems.missing.map((name) => labels.get(name)!)
  const first = found.headings.find(({ column }) => !(`column_${column}` in texts))?.column ?? 0
  if (missing.length > 0)
    texts[`column_${first}`] = ctx.t('imports.mapping.missing', { fields: ctx.format.list(missing) })
  return texts
}

/** Settles the mapping, or says what is missing. */
export const mappingAction = definePage({
  path: importPath({ id: ':id' }, '/mapping'),
  access: 'import.use',
  get: (ctx, c) => seeOther(ctx, c, importPath({ id: c.req.param('id')! })),
  post: async (ctx, c, form) => {
    const found = await getImport(ctx, c.req.param('id')!)
    const names = new Set(kindOf(ctx, found).fields.map(({ name }) => name))
    const chosen = found.headings.flatMap(({ column }) => {
      const field = String(form.get(`column_${column}`) ?? '')
      return names.has(field) ? [[column, field] as const] : []
    })
    const problems = mappingProblems(kindOf(ctx, found), chosen)
    if (problems.missing.length > 0 || Object.keys(problems.columns).length > 0) {
      if (found.state !== 'mapping') throw problem('conflict')
      c.status(422)
      return <MappingPage ctx={ctx} found={found} chosen={new Map(chosen)} problems={problems} />
    }
    await mapColumns(ctx, found, Object.fromEntries(chosen.map(([column, field]) => [field, column])))
    return seeOther(ctx, c, importPath(found))
  },
})

/** Reads another sheet of the workbook. */
export const sheetAction = definePage({
  path: importPath({ id: ':id' }, '/sheet'),
  access: 'import.use',
  get: (ctx, c) => seeOther(ctx, c, importPath({ id: c.req.param('id')! })),
  post: async (ctx, c, form) => {
    const found = await getImport(ctx, c.req.param('id')!)
    const sheet = found.sheets.find((name) => name === form.get('sheet'))
    if (sheet === undefined) throw problem('invalid')
    await chooseSheet(ctx, found, sheet)
    return seeOther(ctx, c, importPath(found))
  },
})
