import { readAccounts } from '../accounting.js';
import { eventually } from '../eventually.js';
import type { FaultHome } from './fault-home.js';

/** Waits until every replica delivers events of the Subscription: else the loss of one would prove nothing. */
export async function expectToShare({ replicas }: FaultHome, subscription: string): Promise<void> {
  for (const { process } of replicas) {
    await eventually(`every replica delivers to ${subscription}`, async () => {
      const accounts = process ? await readAccounts([process]) : [];
      return accounts.some((each) => each.subscription.endsWith(`/${subscription}`) && each.claimed > 0) || undefined;
    });
  }
}
