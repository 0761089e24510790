import type { Context } from 'hono'
import { z } from 'zod'
import type { Ctx } from '#kernel/context.ts'
import { fileResponse } from '#kernel/files/response.ts'
import { readForm } from '#kernel/http/forms.ts'
import { definePage, localPath, seeOther } from '#kernel/http/page.ts'
import { Problem } from '#kernel/problem.ts'
import { Card, Fact } from '#kernel/ui/blocks.tsx'
import { Button, Buttons } from '#kernel/ui/buttons.tsx'
import { FileField, HiddenField } from '#kernel/ui/fields.tsx'
import { Icon } from '#kernel/ui/icons.tsx'
import { getPublicVacancy, getVacancy, type Vacancy } from '../../vacancies.ts'
import {
  attachContractCopy,
  contractCopyOf,
  MOST_BYTES,
  openContractCopy,
  removeContractCopy,
} from '../contract-copy.ts'
import { getPosting, type Posting } from '../postings.ts'
import { LIST } from './list.tsx'
import { EditPosting } from './posting.tsx'

// Of a body beside the file that it brings.
const ENVELOPE = 64 * 1024
const referenceOf = (c: Context) => c.req.param('reference')!

const Upload = z.object({ contract_copy: z.instanceof(File, { error: 'vacancies.contract_copy.missing' }) })

/** The copy of the contract at one's own offer: saved by GET; attached, replaced or taken away by POST. */
export const ownContractCopyPage = definePage({
  path: `${LIST}/:reference/contract-copy`,
  access: 'vacancy.post',
  bodyLimit: MOST_BYTES + ENVELOPE,
  get: async (ctx, c) => fileResponse(ctx, await openContractCopy(ctx, await getPosting(ctx, referenceOf(c)))),
  async post(ctx, c, form) {
    const { reference } = await getPosting(ctx, referenceOf(c))
    if (form.get('act') === 'remove') {
      await removeContractCopy(ctx, reference)
      return seeOther(ctx, c, `${LIST}/${reference}?done=removed`)
    }
    const read = readForm(Upload, form)
    const wrong = read.ok ? await refusal(attachContractCopy(ctx, reference, read.value.contract_copy)) : 'missing'
    if (!wrong) return seeOther(ctx, c, `${LIST}/${reference}?done=attached`)
    c.status(422)
    const posting = await getPosting(ctx, reference)
    const copyError = ctx.t(`vacancies.contract_copy.${wrong}`)
    return <EditPosting ctx={ctx} posting={posting} content={posting.content} copyError={copyError} />
  },
})

// What is wrong with a file stands at its field instead of on a page of its own.
const refusal = (receiving: Promise<void>): Promise<'too_large' | 'unsupported' | 'invalid' | null> =>
  receiving.then(
    () => null,
    (error: unknown) => {
      const kind = error instanceof Problem ? error.kind : null
      if (kind === 'too_large' || kind === 'unsupported' || kind === 'invalid') return kind
      throw error
    },
  )

/** The copy at a public advert. What is closed, held or over has none. */
export const contractCopyPage = definePage({
  path: '/vacancies/:reference/contract-copy',
  access: 'public',
  get: async (ctx, c) => fileResponse(ctx, await openContractCopy(ctx, await getPublicVacancy(ctx, referenceOf(c)))),
})

/** The same for who reviews adverts, also of one that is held. */
export const reviewedContractCopyPage = definePage({
  path: '/work/vacancies/review/:reference/contract-copy',
  access: 'vacancy.review',
  get: async (ctx, c) => fileResponse(ctx, await openContractCopy(ctx, await getVacancy(ctx, referenceOf(c)))),
})

/** That an advert leads to a copy of the contract, for whoever reads it; nothing where there is none. */
export async function ContractCopy({ ctx, vacancy }: { ctx: Ctx; vacancy: Vacancy }) {
  const { t, format } = ctx
  const file = await contractCopyOf(ctx, vacancy)
  if (!file) return null
  const below = ctx.actor.kind === 'staff' ? '/work/vacancies/review' : '/vacancies'
  return (
    <>
      <h2>{t('vacancies.contract_copy.title')}</h2>
      <p>
        <a href={localPath(ctx, `${below}/${vacancy.reference}/contract-copy`)}>
          <Icon name="doc" /> {t('vacancies.contract_copy.open')}
        </a>{' '}
        <span class="quiet">
          ({file.type === 'application/pdf' ? 'PDF' : t('vacancies.contract_copy.picture')},{' '}
          {t('vacancies.contract_copy.size', { kilobytes: Math.ceil(file.size / 1024) })})
        </span>
      </p>
      <p class="quiet">{t('vacancies.contract_copy.read', { date: format.date(file.created_at) })}</p>
    </>
  )
}

/** Where an employer attaches the copy to one offer. It keeps itself apart from the words, which are a draft at first. */
export async function ContractCopyForm({ ctx, posting, error }: { ctx: Ctx; posting: Posting; error?: string }) {
  const { t } = ctx
  const file = await contractCopyOf(ctx, posting)
  const action = localPath(ctx, `${LIST}/${posting.reference}/contract-copy`)
  return (
    <Card id="contract-copy">
      <h2>{t('vacancies.contract_copy.title')}</h2>
      <p>{t('vacancies.contract_copy.lead')}</p>
      {file && (
        <form method="post" action={action} class="facts">
          <HiddenField name="act" value="remove" />
          <Fact icon="doc">
            <a href={action}>{file.name}</a>
          </Fact>
          <span class="quiet">{ctx.format.date(file.created_at)}</span>
          <Button kind="plain" icon="x">
            {t('vacancies.contract_copy.remove')}
          </Button>
        </form>
      )}
      <form method="post" enctype="multipart/form-data" action={action} class="flow">
        <FileField
          name="contract_copy"
          label={t(file ? 'vacancies.contract_copy.replace' : 'vacancies.contract_copy.file')}
          hint={t('vacancies.contract_copy.file_hint', { megabytes: MOST_BYTES / 2 ** 20 })}
          error={error}
          accept=".pdf,.jpg,.jpeg,.png,.webp"
        />
        <Buttons>
          <Button kind="second" icon="save">
            {t('vacancies.contract_copy.attach')}
          </Button>
        </Buttons>
      </form>
    </Card>
  )
}
