import { expect, it } from 'vitest';
import { ImageCatalogue, imageName } from './image-catalogue.js';

it.each([
  ['message-dumper', 'message-dumper'],
  ['message_dumper', 'message-dumper'],
  ['gcr.io/knative/message_dumper:v0.4.0', 'message-dumper'],
  ['localhost:5000/message-dumper', 'message-dumper'],
  ['localhost:5000/message-dumper:latest', 'message-dumper'],
  [
    'gcr.io/knative/message_dumper@sha256:73a95b05b5b937544af7c514c3116479fa5b6acf7771604b313cfc1587bf0940',
    'message-dumper',
  ],
  ['', ''],
])('the image "%s" is "%s"', (reference, name) => {
  expect(imageName(reference)).toBe(name);
});

it('finds no image by a name that every object has', () => {
  expect(new ImageCatalogue({}).find('constructor')).toMatchObject({
    outcome: 'not-available',
    message: expect.stringContaining('Available: none.'),
  });
});
