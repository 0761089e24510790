import type { Ctx } from '#kernel/context.ts'
import { localPath } from '#kernel/http/page.ts'
import { Card, Fact } from '#kernel/ui/blocks.tsx'
import { Button, Buttons } from '#kernel/ui/buttons.tsx'
import { FileField, HiddenField } from '#kernel/ui/fields.tsx'
import { Icon } from '#kernel/ui/icons.tsx'
import type { Vacancy } from '../../vacancies.ts'
import { contractCopyOf, MOST_BYTES } from '../contract-copy.ts'
import type { Posting } from '../postings.ts'
import { LIST } from './list.tsx'

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
