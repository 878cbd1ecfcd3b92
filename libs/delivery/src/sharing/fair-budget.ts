import type { Timer } from '@millrace/eventing-api';

/** Who asked for a part of a budget. */
export interface BudgetTaker {
  /** It has what it had to wait for. */
  onGranted(): void;
}

/**
 * An amount of something that a process has only so much of, shared by Subscriptions. While there is enough, whoever asks gets; when it is scarce, the one that
 * holds the least comes first, in turn among equals, so that none that waits with thousands keeps another waiting. A share that holds nothing is always
 * granted one request, beyond the limit too: nobody is ever shut out, and nothing that waits for something inside itself stands still.
 * What is granted is granted whole.
 */
export class FairBudget {
  private usedAmount = 0;
  /** Shares whose next request waits for this budget and not for a limit of their own. */
  private readonly contenders: FairShare[] = [];
  private granting = false;

  constructor(readonly limit: number) {}

  /** At most the limit, and one request more for each share. */
  get used(): number {
    return this.usedAmount;
  }

  share(): FairShare {
    return new FairShare(this);
  }

  /** For its shares: whether one may have this at once. */
  admits(share: FairShare, amount: number): boolean {
    return share.used === 0 || (this.contenders.length === 0 && this.hasRoom(amount));
  }

  /** For its shares: what one holds has changed by this. */
  add(amount: number): void {
    this.usedAmount += amount;
  }

  /** For its shares: what one waits for may have changed. */
  enlist(share: FairShare): void {
    const index = this.contenders.indexOf(share);
    if (share.next === undefined) {
      if (index >= 0) this.contenders.splice(index, 1);
    } else if (index < 0) {
      this.contenders.push(share);
    }
  }

  /** For its shares: something was given back or is no longer wanted. */
  review(share: FairShare): void {
    this.enlist(share);
    if (this.contenders.length > 0) this.grantWaiting();
  }

  /** A grant may lead to further ones: they are made here, one after the other, and not within each other. */
  private grantWaiting(): void {
    if (this.granting) return;
    this.granting = true;
    try {
      for (let share = this.neediest(); share; share = this.neediest()) {
        const request = share.next as BudgetRequest;
        if (share.used > 0 && !this.hasRoom(request.amount)) break;
        this.contenders.splice(this.contenders.indexOf(share), 1);
        share.grantNext();
        // Behind its equals: it is their turn.
        if (share.next && !this.contenders.includes(share)) this.contenders.push(share);
        request.taker.onGranted();
      }
    } finally {
      this.granting = false;
    }
  }

  private neediest(): FairShare | undefined {
    let neediest: FairShare | undefined;
    for (const share of this.contenders) if (neediest === undefined || share.used < neediest.used) neediest = share;
    return neediest;
  }

  private hasRoom(amount: number): boolean {
    return this.usedAmount + amount <= this.limit;
  }
}

/** What one Subscription has and wants of a budget. */
export class FairShare {
  private usedAmount = 0;
  private ownLimit = Infinity;
  private readonly queue: BudgetRequest[] = [];

  constructor(private readonly budget: FairBudget) {}

  get used(): number {
    return this.usedAmount;
  }

  /** Most that this share may hold, however much of the budget is free; none by default. Less than is held takes nothing back. */
  set limit(limit: number) {
    this.ownLimit = limit;
    this.budget.review(this);
  }

  /** Undefined = granted; otherwise the taker is told later, never before this has returned, unless it cancels. */
  take(amount: number, taker: BudgetTaker): Timer | undefined {
    if (this.queue.length === 0 && this.allows(amount) && this.budget.admits(this, amount)) {
      this.hold(amount);
      return undefined;
    }
    const request = new BudgetRequest(amount, taker, this);
    this.queue.push(request);
    this.budget.enlist(this);
    return request;
  }

  /** Gives back a part of what was granted, or all. */
  give(amount: number): void {
    this.hold(-amount);
    this.budget.review(this);
  }

  /** Forgets everybody who waits. */
  clear(): void {
    this.queue.length = 0;
    this.budget.review(this);
  }

  /** For the budget: the request that could be granted as far as this share goes. */
  get next(): BudgetRequest | undefined {
    const request = this.queue[0];
    return request && this.allows(request.amount) ? request : undefined;
  }

  /** For the budget: grants `next`. */
  grantNext(): void {
    const request = this.queue.shift() as BudgetRequest;
    this.hold(request.amount);
  }

  /** For its requests: one is called off. */
  withdraw(request: BudgetRequest): void {
    const index = this.queue.indexOf(request);
    if (index < 0) return;
    this.queue.splice(index, 1);
    this.budget.review(this);
  }

  private allows(amount: number): boolean {
    return this.usedAmount === 0 || this.usedAmount + amount <= this.ownLimit;
  }

  private hold(amount: number): void {
    this.usedAmount += amount;
    this.budget.add(amount);
  }
}

class BudgetRequest implements Timer {
  constructor(
    readonly amount: number,
    readonly taker: BudgetTaker,
    private readonly share: FairShare,
  ) {}

  cancel(): void {
    this.share.withdraw(this);
  }
}
