import { z } from 'zod'
import type { Ctx } from '../../context.ts'
import { readForm } from '../../http/forms.ts'
import { definePage, localPath } from '../../http/page.ts'
import { Crumb, Headline, Pairs } from '../../ui/blocks.tsx'
import { Button, Buttons, LinkButton } from '../../ui/buttons.tsx'
import { CheckboxGroup } from '../../ui/choices.tsx'
import { ErrorSummary, errorTexts } from '../../ui/errors.tsx'
import { TextField } from '../../ui/fields.tsx'
import { Note } from '../../ui/states.tsx'
import { WorkPage } from '../../ui/work-layout.tsx'
import { ADMINISTER_CLIENTS, addClient, grantableRights } from '../clients.ts'
import { permissionText } from '../rights.ts'
import { askProof } from '../step-up.ts'
import { PROGRAMS } from './programs.tsx'

const PATH = `${PROGRAMS}/new`

const formOf = (ctx: Ctx) => {
  const known = grantableRights(ctx).map(({ permission }) => permission)
  return z.object({
    label: z.string('access.programs.label_missing').trim().min(1, 'access.programs.label_missing').max(80),
    permissions: z
      .array(
        z.string().refine((one) => known.includes(one)),
        'access.programs.rights_missing',
      )
      .min(1, 'access.programs.rights_missing'),
  })
}

/** Another program: what it is called here, and what it may do. The answer is its key, this once. */
export const newProgramPage = definePage({
  path: PATH,
  access: ADMINISTER_CLIENTS,
  get: async (ctx, c) => (await askProof(ctx, c, PATH)) ?? show(ctx, {}),
  async post(ctx, c, form) {
    const away = await askProof(ctx, c, PATH)
    if (away) return away
    const read = readForm(formOf(ctx), form)
    if (!read.ok) {
      c.status(422)
      return show(ctx, read.values, errorTexts(ctx, read.errors))
    }
    const added = await addClient(ctx, read.value)
    return <KeyShown ctx={ctx} label={read.value.label} {...added} />
  },
})

function show(ctx: Ctx, values: Record<string, string>, errors?: Record<string, string>) {
  const { t } = ctx
  return (
    <WorkPage ctx={ctx} title={t('access.programs.new')} current={PROGRAMS} path={PATH}>
      <Crumb href={localPath(ctx, PROGRAMS)} label={t('access.programs.title')} />
      <ErrorSummary ctx={ctx} errors={errors} />
      <Headline title={t('access.programs.new')} lead={t('access.programs.new_lead')} />
      <form method="post" action={localPath(ctx, PATH)} novalidate>
        <TextField
          name="label"
          label={t('access.programs.label')}
          hint={t('access.programs.label_hint')}
          error={errors?.label}
          value={values.label}
          autocomplete="off"
          maxlength={80}
        />
        <CheckboxGroup
          name="permissions"
          label={t('access.programs.rights')}
          hint={t('access.programs.rights_hint')}
          error={errors?.permissions}
          values={values.permissions?.split(',')}
          options={grantableRights(ctx).map(({ permission, proof }) => ({
            value: permission,
            label: permissionText(ctx, permission),
            hint: t(`access.programs.proof.${proof}`),
          }))}
        />
        <Buttons>
          <Button>{t('access.programs.add')}</Button>
        </Buttons>
      </form>
    </WorkPage>
  )
}

type KeyProps = { ctx: Ctx; id: string; label: string; key: string; proof: 'key' | 'signature' }

/** The key, to be put into the program; it is not shown again, and nobody here keeps it. */
const KeyShown = ({ ctx, id, label, key, proof }: KeyProps) => {
  const { t } = ctx
  return (
    <WorkPage ctx={ctx} title={t('access.programs.key')} current={PROGRAMS} path={PROGRAMS}>
      <Crumb href={localPath(ctx, PROGRAMS)} label={t('access.programs.title')} />
      <Headline title={t('access.programs.key')} lead={label} />
      <Note state="attention" title={t('access.programs.key_once')} announce>
        {t(`access.programs.hand_over.${proof}`)}
      </Note>
      <Pairs
        items={[
          [t('access.programs.key'), <code>{key}</code>],
          proof === 'signature' && [t('access.programs.id'), <code>{id}</code>],
        ]}
      />
      <Buttons>
        <LinkButton href={localPath(ctx, PROGRAMS)}>{t('access.programs.kept')}</LinkButton>
      </Buttons>
    </WorkPage>
  )
}
