import { runApp } from '@millrace/platform';
import { app } from './app.module.js';

await runApp(app);
