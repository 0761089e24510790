import type { Ctx } from '#kernel/context.ts'

/** Whether this installation sends text messages at all; where it does not, nothing is offered that would wait for one. */
export const sendsTexts = ({ platform }: Pick<Ctx, 'platform'>): boolean =>
  platform.demonstration || Boolean(platform.config.HAMSAFAR_SMS_URL)
