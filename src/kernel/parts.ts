import type { ModuleManifest } from './module.ts'

/** The kernel's own parts, in the shape of modules. */
export const KERNEL_PARTS: readonly ModuleManifest[] = []
