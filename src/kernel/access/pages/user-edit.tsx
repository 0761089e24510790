import type { Ctx } from '../../context.ts'
import { readForm } from '../../http/forms.ts'
import { definePage, localPath, seeOther } from '../../http/page.ts'
import { Problem } from '../../problem.ts'
import { Crumb, Headline } from '../../ui/blocks.tsx'
import { Button, Buttons } from '../../ui/buttons.tsx'
import { ErrorSummary, errorTexts } from '../../ui/errors.tsx'
import { WorkPage } from '../../ui/work-layout.tsx'
import { denied } from '../authorise.ts'
import { askProof } from '../step-up.ts'
import { getUser, type User } from '../user-list.ts'
import { administers, changeUser } from '../users.ts'
import { PERSON, PersonFields } from './user-new.tsx'

const pathOf = (id: string) => `/work/users/${id}/edit`

/** A person's name, e-mail address and language, put right. */
export const editUserPage = definePage({
  path: pathOf(':id'),
  access: 'user.administer',
  async get(ctx, c) {
    const user = await getUser(ctx, c.req.param('id')!)
    if (!(await administers(ctx, user.id))) throw denied('user.administer', { type: 'user', id: user.id })
    const { name, email, locale } = user
    return (await askProof(ctx, c, pathOf(user.id))) ?? show(ctx, user, { name, email, locale })
  },
  async post(ctx, c, form) {
    const user = await getUser(ctx, c.req.param('id')!)
    const away = await askProof(ctx, c, pathOf(user.id))
    if (away) return away
    const read = readForm(PERSON, form)
    const again = (errors: Record<string, string>) => {
      c.status(422)
      return show(ctx, user, read.values, errorTexts(ctx, errors))
    }
    if (!read.ok) return again(read.errors)
    try {
      await changeUser(ctx, user.id, read.value)
    } catch (error) {
      // The one conflict there is; nothing was written yet.
      if (error instanceof Problem && error.kind === 'conflict') return again({ email: 'access.user.exists' })
      throw error
    }
    return seeOther(ctx, c, `/work/users/${user.id}?done=changed`)
  },
})

function show(ctx: Ctx, user: User, values: Record<string, string>, errors?: Record<string, string>) {
  const { t } = ctx
  return (
    <WorkPage ctx={ctx} title={t('access.users.edit')} current="/work/users" path={pathOf(user.id)}>
      <Crumb href={localPath(ctx, `/work/users/${user.id}`)} label={user.name} />
      <ErrorSummary ctx={ctx} errors={errors} />
      <Headline title={t('access.users.edit')} lead={t('access.users.edit_hint')} />
      <form method="post" action={localPath(ctx, pathOf(user.id))} novalidate>
        <PersonFields ctx={ctx} values={values} errors={errors} />
        <Buttons>
          <Button>{t('access.account.save')}</Button>
        </Buttons>
      </form>
    </WorkPage>
  )
}
