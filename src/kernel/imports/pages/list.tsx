import { z } from 'zod'
import type { Ctx } from '../../context.ts'
import { type FormErrors, type FormValues, readForm } from '../../http/forms.ts'
import { definePage, seeOther } from '../../http/page.ts'
import { problem } from '../../problem.ts'
import { Empty, Headline } from '../../ui/blocks.tsx'
import { Button } from '../../ui/buttons.tsx'
import { RadioGroup } from '../../ui/choices.tsx'
import { ErrorSummary, errorTexts } from '../../ui/errors.tsx'
import { FileField, HiddenField, TextField } from '../../ui/fields.tsx'
import { Pager } from '../../ui/lists.tsx'
import { pathOf } from '../../ui/navigation.ts'
import { Table } from '../../ui/table.tsx'
import { WorkPage } from '../../ui/work-layout.tsx'
import { LIMITS } from '../files/table.ts'
import { type Import, kindOf, listImports, startImport } from '../imports.ts'
import { kindsFor } from '../kinds.ts'
import { StateTag } from './state-tag.tsx'
import { IMPORTS, importPath } from './steps.tsx'

const PAGE = 20
const ENVELOPE = 64 * 1024

const upload = z.object({
  kind: z.string().max(60),
  file: z.instanceof(File, { error: 'imports.upload.file_missing' }),
  source: z.string().max(200).optional(),
})

/** All imports of the organisation, and the form that begins a new one. */
export const importListPage = definePage({
  path: IMPORTS,
  access: 'import.use',
  bodyLimit: LIMITS.bytes + ENVELOPE,
  get: (ctx, c) => <ImportList ctx={ctx} before={c.req.query('before')} />,
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
    return <ImportList ctx={ctx} values={result.values} errors={errors} />
  },
})

async function ImportList({
  ctx,
  before,
  values,
  errors,
}: {
  ctx: Ctx
  before?: string
  values?: FormValues
  errors?: FormErrors
}) {
  const imports = await listImports(ctx, { before: instant(before), limit: PAGE + 1 })
  const shown = imports.slice(0, PAGE)
  const next = imports.length > PAGE ? pathOf(ctx, `${IMPORTS}?before=${shown.at(-1)!.created_at}`) : null
  return (
    <WorkPage ctx={ctx} title={ctx.t('imports.list.title')} current={IMPORTS}>
      <Headline title={ctx.t('imports.list.title')} lead={ctx.t('imports.list.lead')} />
      <UploadForm ctx={ctx} values={values} errors={errors} />
      <h2>{ctx.t('imports.list.earlier')}</h2>
      {shown.length === 0 ? (
        <Empty title={ctx.t('imports.list.empty')} text={ctx.t('imports.list.empty_text')} />
      ) : (
        <ImportTable ctx={ctx} imports={shown} />
      )}
      <Pager ctx={ctx} shown={shown.length} total={{ atLeast: shown.length }} next={next} />
    </WorkPage>
  )
}

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
      <TextField
        name="source"
        label={ctx.t('imports.upload.source')}
        hint={ctx.t('imports.upload.source_hint')}
        value={values?.source}
        error={texts.source}
        maxlength={200}
      />
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

// PostgreSQL knows fewer years than Temporal.
const Cursor = z.iso.datetime().regex(/^[12]/).optional()

function instant(text: string | undefined): Temporal.Instant | undefined {
  const { success, data } = Cursor.safeParse(text)
  if (!success) throw problem('bad_request')
  return data === undefined ? undefined : Temporal.Instant.from(data)
}
