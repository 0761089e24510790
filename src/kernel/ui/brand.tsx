import type { Ctx } from '../context.ts'

/** The mark and the drawn wordmark, as a link. */
export const Brand = ({ ctx, href }: { ctx: Ctx; href: string }) => (
  <a class="brand" href={href}>
    <svg class="mark" viewBox="0 0 40 40" aria-hidden="true">
      <rect width="40" height="40" rx="10" fill="#1f3d9c" />
      <path d="M4 13.5h32" stroke="#93a8df" stroke-width="1.5" stroke-linecap="round" />
      <path
        d="M6.5 34C13 26 22.5 27 21 20.5 20.2 17 23 14.6 25.6 13.7c-1 1.4-2.6 3.2-1.3 6.6C26.6 26.6 18 27.2 11.5 34z"
        fill="#fff"
      />
      <path
        d="M33.5 34c1.5-6-.5-9.8-3.6-13.2-2-2.2-2.6-4.7-2.6-7-1.6 2.4-1.3 5.4.4 7.7C30.5 25.2 31 28.4 28.5 34z"
        fill="#ef9f4a"
      />
    </svg>
    <svg
      class="word"
      viewBox="-3 -4 232 50"
      fill="none"
      stroke="currentColor"
      stroke-width="4.6"
      stroke-linecap="round"
      stroke-linejoin="round"
      role="img"
      aria-label={ctx.t('ui.brand')}
    >
      <path d="M2 2l18 28h4v6M20 2 2 30M54 10v20M54 20a10 10 0 1 1-20 0 10 10 0 0 1 20 0zM62 30V10l11 14 11-14v20M110 13.5a10 10 0 1 0 0 13M138 10v20M138 20a10 10 0 1 1-20 0 10 10 0 0 1 20 0zM158-1v41M172 20a14 10 0 1 1-28 0 14 10 0 0 1 28 0zM198 10v20M198 20a10 10 0 1 1-20 0 10 10 0 0 1 20 0zM206 40V10M226 20a10 10 0 1 1-20 0 10 10 0 0 1 20 0z" />
    </svg>
  </a>
)
