import { z } from 'zod'
import type { Ctx } from '#kernel/context.ts'
import type { FormErrors, FormValues } from '#kernel/http/forms.ts'
import { localPath } from '#kernel/http/page.ts'
import { Problem } from '#kernel/problem.ts'
import { Button, Buttons } from '#kernel/ui/buttons.tsx'
import { FileField, SelectField } from '#kernel/ui/fields.tsx'
import { Icon } from '#kernel/ui/icons.tsx'
import { DOCUMENT_KINDS, type EmployerDocument, MOST_BYTES } from '../documents.ts'

/** A paper with what it is. */
export const Upload = z.object({
  document: z.enum(DOCUMENT_KINDS, 'employers.upload.kind_missing'),
  file: z.instanceof(File, { error: 'employers.upload.file_missing' }),
})

/** Takes a file in; what is wrong with it stands at its field instead of on a page of its own. */
export async function receivedFileProblem(receive: () => Promise<void>): Promise<FormErrors> {
  try {
    await receive()
    return {}
  } catch (error) {
    if (!(error instanceof Problem) || !['too_large', 'unsupported', 'invalid'].includes(error.kind)) throw error
    return { file: `employers.upload.${error.kind}` }
  }
}

/** The papers that are here, each to be saved; one's own can be taken back. */
export function Documents({
  ctx,
  documents,
  path,
  removable,
}: {
  ctx: Ctx
  documents: readonly EmployerDocument[]
  path: string
  removable?: boolean
}) {
  const { t, format } = ctx
  if (documents.length === 0) return <p>{t('employers.upload.none')}</p>
  return (
    <ul class="plainlist">
      {documents.map((document) => (
        <li class="facts">
          <a href={localPath(ctx, `${path}/${document.id}`)}>
            <Icon name="doc" /> {t(`employers.code.document.${document.kind}`)}
          </a>
          <span class="quiet">
            {document.name} · {format.date(document.added_at)}
          </span>
          {removable && (
            <form method="post" action={localPath(ctx, `${path}/${document.id}`)}>
              <Button kind="plain" icon="x">
                {t('employers.upload.remove')}
                <span class="vh">: {document.name}</span>
              </Button>
            </form>
          )}
        </li>
      ))}
    </ul>
  )
}

/** One more paper. */
export function UploadForm({
  ctx,
  action,
  values,
  words,
}: {
  ctx: Ctx
  action: string
  values?: FormValues
  words: Record<string, string>
}) {
  const { t } = ctx
  return (
    <form method="post" enctype="multipart/form-data" action={action} class="flow">
      <SelectField
        name="document"
        label={t('employers.upload.kind')}
        value={values?.document}
        error={words.document}
        empty={t('ui.choose')}
        options={DOCUMENT_KINDS.map((kind) => ({ value: kind, label: t(`employers.code.document.${kind}`) }))}
      />
      <FileField
        name="file"
        label={t('employers.upload.file')}
        hint={t('employers.upload.file_hint', { megabytes: MOST_BYTES / 2 ** 20 })}
        error={words.file}
        accept=".pdf,.jpg,.jpeg,.png,.webp"
      />
      <Buttons>
        <Button kind="second" icon="save">
          {t('employers.upload.send')}
        </Button>
      </Buttons>
    </form>
  )
}
