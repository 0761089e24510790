import { z } from 'zod'
import type { Ctx } from '../../context.ts'
import { readForm } from '../../http/forms.ts'
import { definePage, localPath } from '../../http/page.ts'
import { LANGUAGE_NAMES, LANGUAGES } from '../../i18n/languages.ts'
import { ROLES, type RoleName } from '../../module.ts'
import { listOrganisations, nameOf } from '../../organisations/organisations.ts'
import { Problem } from '../../problem.ts'
import { Crumb, Headline, More } from '../../ui/blocks.tsx'
import { Button, Buttons } from '../../ui/buttons.tsx'
import { CheckboxGroup } from '../../ui/choices.tsx'
import { ErrorSummary, errorTexts } from '../../ui/errors.tsx'
import { SelectField, TextField } from '../../ui/fields.tsx'
import { WorkPage } from '../../ui/work-layout.tsx'
import { may } from '../authorise.ts'
import { issueLink } from '../links.ts'
import { permissionsByRole } from '../rights.ts'
import { staffOf } from '../sessions.ts'
import { askProof } from '../step-up.ts'
import { getUser } from '../user-list.ts'
import { createAccount, EVERYWHERE, grantableRoles } from '../users.ts'
import { RoleRights } from './roles.tsx'
import { LinkShown } from './user-link.tsx'

const PATH = '/work/users/new'
/** What a form says about a person. */
export const PERSON = z.object({
  name: z.string('access.users.name_missing').max(120),
  email: z.email('access.sign_in.email_form').max(254),
  locale: z.enum(LANGUAGES),
})
const FORM = PERSON.extend({
  organisation: z.uuid('access.organisation.choose').optional(),
  roles: z.array(z.enum(ROLES)).default([]),
})

/** A new account: who, for which organisation, with which roles. The answer is the link that opens it. */
export const newUserPage = definePage({
  path: PATH,
  access: 'user.administer',
  get: async (ctx, c) => (await askProof(ctx, c, PATH)) ?? show(ctx, { locale: 'tg' }),
  async post(ctx, c, form) {
    const away = await askProof(ctx, c, PATH)
    if (away) return away
    const read = readForm(FORM, form)
    const again = (errors: Record<string, string>) => {
      c.status(422)
      return show(ctx, read.values, errorTexts(ctx, errors))
    }
    if (!read.ok) return again(read.errors)
    const { organisation = staffOf(ctx).organisation_id, ...given } = read.value
    try {
      const id = await createAccount(ctx, { ...given, organisation_id: organisation })
      const link = await issueLink(ctx, id)
      return <LinkShown ctx={ctx} user={await getUser(ctx, id)} link={link} />
    } catch (error) {
      // The one conflict there is; nothing was written yet.
      if (error instanceof Problem && error.kind === 'conflict') return again({ email: 'access.user.exists' })
      throw error
    }
  },
})

async function show(ctx: Ctx, values: Record<string, string>, errors?: Record<string, string>) {
  const { t } = ctx
  return (
    <WorkPage ctx={ctx} title={t('access.users.new')} current="/work/users" path={PATH}>
      <Crumb href={localPath(ctx, '/work/users')} label={t('access.users.title')} />
      <ErrorSummary ctx={ctx} errors={errors} />
      <Headline title={t('access.users.new')} lead={t('access.users.new_lead')} />
      <form method="post" action={localPath(ctx, PATH)} novalidate>
        <PersonFields ctx={ctx} values={values} errors={errors} />
        {may(ctx, EVERYWHERE) && (
          <OrganisationField ctx={ctx} value={values.organisation} error={errors?.organisation} />
        )}
        <RolesField ctx={ctx} values={values.roles?.split(',') as RoleName[]} />
        <Buttons>
          <Button>{t('access.users.create')}</Button>
        </Buttons>
      </form>
    </WorkPage>
  )
}

/** Name, e-mail address and language of a person. */
export const PersonFields = ({
  ctx: { t },
  values,
  errors,
}: {
  ctx: Ctx
  values: Record<string, string>
  errors?: Record<string, string> | undefined
}) => (
  <>
    <TextField
      name="name"
      label={t('access.users.name')}
      error={errors?.name}
      value={values.name}
      autocomplete="off"
      maxlength={120}
    />
    <TextField
      name="email"
      label={t('access.sign_in.email')}
      error={errors?.email}
      value={values.email}
      type="email"
      autocomplete="off"
      maxlength={254}
    />
    <SelectField
      name="locale"
      label={t('access.account.language')}
      value={values.locale}
      options={LANGUAGES.map((lang) => ({ value: lang, label: LANGUAGE_NAMES[lang] }))}
    />
  </>
)

/** An open organisation, the own one first chosen. */
export async function OrganisationField({
  ctx,
  value = staffOf(ctx).organisation_id,
  error,
}: {
  ctx: Ctx
  value?: string | undefined
  error?: string | undefined
}) {
  return (
    <SelectField
      name="organisation"
      label={ctx.t('access.account.organisation')}
      error={error}
      value={value}
      options={await organisationOptions(ctx)}
    />
  )
}

/** The open organisations by name, to choose from. */
export async function organisationOptions(ctx: Ctx) {
  return (await listOrganisations(ctx))
    .filter(({ closed_at }) => closed_at === null)
    .map((organisation) => ({ value: organisation.id, label: nameOf(organisation, ctx.lang) }))
    .sort((a, b) => ctx.format.compare(a.label, b.label))
}

/** The roles that the actor may give; what each lets one do is folded below. */
export async function RolesField({ ctx, values }: { ctx: Ctx; values?: readonly RoleName[] | undefined }) {
  const carried = await permissionsByRole(ctx)
  const roles = grantableRoles(ctx)
  return (
    <>
      <CheckboxGroup
        name="roles"
        label={ctx.t('access.account.roles')}
        hint={ctx.t('access.users.roles_hint')}
        values={values}
        options={roles.map((role) => ({ value: role, label: ctx.t(`access.role.${role}`) }))}
      />
      <More label={ctx.t('access.users.roles_what')}>
        {roles.map((role) => (
          <>
            <h2 class="h3">{ctx.t(`access.role.${role}`)}</h2>
            <RoleRights ctx={ctx} permissions={carried.get(role)} />
          </>
        ))}
      </More>
    </>
  )
}
