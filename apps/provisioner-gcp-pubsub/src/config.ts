import { provisionerSettings } from '@millrace/provisioner-runtime';

export const settings = provisionerSettings(7666);
