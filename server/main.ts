/** Starts Fidelis: configuration, database, demonstration study, HTTP; prints where to go. Run by `npm start`. */
import { serve } from './serve.ts';

await serve();
