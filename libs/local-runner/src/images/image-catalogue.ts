import type { LocalImage } from '../local-runner-options.js';

/** What is known of an image: how to run it here, or a sentence that says which images can be run. */
export type ImageLookUp =
  | { readonly outcome: 'found'; readonly image: LocalImage }
  | { readonly outcome: 'not-available'; readonly message: string };

/** The images that this machine can run without a container engine. */
export class ImageCatalogue {
  constructor(private readonly images: Readonly<Record<string, LocalImage>>) {}

  /** Finds an image by the last segment of its path; registry, tag and digest do not matter. */
  find(reference: string): ImageLookUp {
    const name = imageName(reference);
    const image = Object.hasOwn(this.images, name) ? this.images[name] : undefined;
    if (image !== undefined) return { outcome: 'found', image };
    const available = Object.keys(this.images).sort().join(', ') || 'none';
    const message = `Image "${reference}" cannot be run here: there is no container engine, only programs of this repository. Available: ${available}.`;
    return { outcome: 'not-available', message };
  }
}

/** `registry:5000/path/message_dumper:v1@sha256:...` → `message-dumper`. */
export function imageName(reference: string): string {
  const lastSegment = reference.split('@')[0]?.split('/').at(-1) ?? '';
  return (lastSegment.split(':')[0] ?? '').toLowerCase().replaceAll('_', '-');
}
