/** Where removals are listed; one is `/work/removals/{reference}`. */
export const REMOVALS = '/work/removals'
/** Where claims are listed; one is `/work/removal-claims/{reference}`. */
export const CLAIMS = '/work/removal-claims'
