import { z } from 'zod'
import type { Ctx } from '../../context.ts'
import { ExportLinks } from '../../exports/pages/links.tsx'
import { type FormErrors, type FormValues, readForm } from '../../http/forms.ts'
import { definePage, seeOther } from '../../http/page.ts'
import { problem } from '../../problem.ts'
import { Empty, Headline } from '../../ui/blocks.tsx'
import { Button, LinkButton } from '../../ui/buttons.tsx'
import { RadioGroup } from '../../ui/choices.tsx'
import { ErrorSummary, errorTexts } from '../../ui/errors.tsx'
import { FileField, HiddenField, SelectField, TextField } from '../../ui/fields.tsx'
import { Filters, Pager, Seek } from '../../ui/lists.tsx'
import { pathOf } from '../../ui/navigation.ts'
import { Table } from '../../ui/table.tsx'
import { WorkPage } from '../../ui/work-layout.tsx'
import { LIMITS } from '../files/table.ts'
import {
  countImports,
  IMPORT_STATES,
  type Import,
  type ImportFilters,
  kindOf,
  listImports,
  startImport,
} from '../imports.ts'
import { kindsFor } from '../kinds.ts'
import { queryOf, readImportFilters } from './filters.ts'
import { StateTag } from './state-tag.tsx'
import { IMPORTS, importPath } from './steps.tsx'

const PAGE = 20
const ENVELOPE = 64 * 1024

const upload = z.object({
  kind: z.string('imports.upload.kind_missing').max(60),
  file: z.instanceof(File, { error: 'imports.upload.file_missing' }),
  source: z.string().max(200).optional(),
})

/** All imports of the organisation, and the form that begins a new one. */
export const importListPage = definePage({
  path: IMPORTS,
  access: 'import.use',
  bodyLimit: LIMITS.bytes + ENVELOPE,
  get: (ctx, c) => <ImportList ctx={ctx} filters={readImportFilters(new URL(c.req.url).searchParams)} />,
  post: async (ctx, c, form) => {
    const result = readForm(upload, form)
    const errors: FormErrors = result.ok ? {} : result.errors
    if (result.ok) {
      const kind = kindsFor(ctx).find((candidate) => candidate.kind === result.value.kind)
      if (!kind) throw problem('forbidden')
      const { file, source } = result.value
      if (file.size === 0) errors.file = file.name === '' ? 'imports.upload.file_missing' : 'imports.problem.empty'
      else if (file.size > LIMITS.bytes) errors.file = 'imports.upload.file_too_large'
      else {
        const id = await startImport(
          ctx,
          kind,
          { name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) },
          source ?? null,
        )
        return seeOther(ctx, c, importPath({ id }))
      }
    }
    c.status(422)
    return <ImportList ctx={ctx} filters={{}} values={result.values} errors={errors} />
  },
})

async function ImportList({
  ctx,
  filters,
  values,
  errors,
}: {
  ctx: Ctx
  filters: ImportFilters
  values?: FormValues
  errors?: FormErrors
}) {
  const { t } = ctx
  const found = await listImports(ctx, filters, PAGE + 1)
  const shown = found.slice(0, PAGE)
  const total = await countImports(ctx, filters)
  const { before: _, ...asked } = filters
  const { part: q, ...narrowed } = asked
  const next = found.length > PAGE ? pathOf(ctx, IMPORTS + queryOf({ ...asked, before: shown.at(-1)!.id })) : null
  const narrow = Object.keys(asked).length > 0
  return (
    <WorkPage ctx={ctx} title={t('imports.list.title')} current={IMPORTS} path={IMPORTS + queryOf(filters)}>
      <Headline title={t('imports.list.title')} lead={t('imports.list.lead')}>
        <ExportLinks ctx={ctx} href={(ending) => pathOf(ctx, IMPORTS + ending + queryOf(asked))} />
      </Headline>
      <UploadForm ctx={ctx} values={values} errors={errors} />
      <h2>{t('imports.list.earlier')}</h2>
      {total > 0 && <p class="quiet">{t('imports.list.found', { count: total })}</p>}
      {(narrow || total > 0) && <Narrowing ctx={ctx} q={q} narrowed={narrowed} />}
      {shown.length > 0 ? (
        <ImportTable ctx={ctx} imports={shown} />
      ) : narrow ? (
        <Empty title={q ? t('imports.list.none_for', { q }) : t('imports.list.none')}>
          <LinkButton kind="second" href={pathOf(ctx, IMPORTS)}>
            {t('ui.filters.clear')}
          </LinkButton>
        </Empty>
      ) : (
        <Empty title={t('imports.list.empty')} text={t('imports.list.empty_text')} />
      )}
      <Pager ctx={ctx} shown={shown.length} total={total} next={next} />
    </WorkPage>
  )
}

const Narrowing = ({ ctx, q, narrowed }: { ctx: Ctx; q?: string; narrowed: Omit<ImportFilters, 'part'> }) => (
  <>
    <Seek
      action={pathOf(ctx, IMPORTS)}
      label={ctx.t('imports.list.search')}
      hideLabel
      placeholder={ctx.t('imports.list.search')}
      value={q}
      keep={Object.entries(narrowed)}
    />
    <Filters
      ctx={ctx}
      label={ctx.t('imports.list.filters')}
      action={pathOf(ctx, IMPORTS)}
      clear={pathOf(ctx, IMPORTS)}
      open={Object.keys(narrowed).length > 0}
      keep={q ? [['q', q]] : []}
    >
      <SelectField
        id="list-kind"
        name="kind"
        label={ctx.t('imports.list.what')}
        empty={ctx.t('imports.list.all')}
        value={narrowed.kind}
        options={kindsFor(ctx).map(({ kind, label }) => ({ value: kind, label: ctx.t(label) }))}
      />
      <SelectField
        name="state"
        label={ctx.t('imports.list.state')}
        empty={ctx.t('imports.list.all')}
        value={narrowed.state}
        options={IMPORT_STATES.map((value) => ({ value, label: ctx.t(`imports.import.${value}`) }))}
      />
    </Filters>
  </>
)

function UploadForm({ ctx, values, errors }: { ctx: Ctx; values?: FormValues; errors?: FormErrors }) {
  const kinds = kindsFor(ctx)
  const texts = errorTexts(ctx, errors ?? {})
  const only = kinds.length === 1 ? kinds[0] : undefined
  return (
    <form method="post" enctype="multipart/form-data" action={pathOf(ctx, IMPORTS)} class="card flow">
      <h2>{ctx.t('imports.upload.title')}</h2>
      <ErrorSummary ctx={ctx} errors={texts} />
      {only ? (
        <HiddenField name="kind" value={only.kind} />
      ) : (
        <RadioGroup
          name="kind"
          label={ctx.t('imports.upload.kind')}
          value={values?.kind}
          error={texts.kind}
          options={kinds.map(({ kind, label, hint }) => ({ value: kind, label: ctx.t(label), hint: ctx.t(hint) }))}
        />
      )}
      <FileField
        name="file"
        label={only ? ctx.t(only.label) : ctx.t('imports.upload.file')}
        hint={[only && ctx.t(only.hint), ctx.t('imports.upload.file_hint')].filter(Boolean).join(' ')}
        accept=".csv,.tsv,.txt,.xlsx,.json,.jsonl,.ndjson"
        error={texts.file}
      />
      {!kinds.every(({ own }) => own) && (
        <TextField
          name="source"
          label={ctx.t('imports.upload.source')}
          hint={ctx.t('imports.upload.source_hint')}
          value={values?.source}
          error={texts.source}
          maxlength={200}
        />
      )}
      <Button icon="sheet">{ctx.t('imports.upload.send')}</Button>
    </form>
  )
}

const ImportTable = ({ ctx, imports }: { ctx: Ctx; imports: Import[] }) => (
  <Table
    caption={ctx.t('imports.list.earlier')}
    hidden
    columns={[
      { label: ctx.t('imports.list.file') },
      { label: ctx.t('imports.list.what') },
      { label: ctx.t('imports.list.when') },
      { label: ctx.t('imports.list.rows'), num: true },
      { label: ctx.t('imports.list.state') },
    ]}
    rows={imports.map((found) => [
      <a href={pathOf(ctx, importPath(found))}>{found.file_name}</a>,
      ctx.t(kindOf(ctx, found).label),
      [ctx.format.dateTime(found.created_at), found.created_by_name].filter(Boolean).join(' · '),
      ctx.format.number(found.rows),
      <StateTag ctx={ctx} state={found.state} />,
    ])}
  />
)
