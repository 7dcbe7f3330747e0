-- SPDX-License-Identifier: MIT
-- Policies of every shape, and the known mistakes; what each user reaches is in supabase.txt, written by hand. ana is 1111…, bob is 2222….
INSERT INTO auth.users (id, email, raw_app_meta_data, raw_user_meta_data, is_anonymous) VALUES
    ('11111111-1111-1111-1111-111111111111', 'ana@example.com', '{"tenant": "t1"}', '{"admin": true}', false),
    ('22222222-2222-2222-2222-222222222222', 'bob@example.com', '{"tenant": "t2", "roles": ["editor"]}', '{}', false),
    ('33333333-3333-3333-3333-333333333333', NULL, '{}', '{}', true);

-- One policy for everything; comments hang on notes, so that a constraint stops a DELETE that the policies let pass.
CREATE TABLE public.notes (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, owner uuid NOT NULL REFERENCES auth.users, body text);
ALTER TABLE public.notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON public.notes TO authenticated USING (owner = (SELECT auth.uid()));
INSERT INTO public.notes (owner, body) SELECT CASE WHEN n <= 3 THEN '11111111-1111-1111-1111-111111111111' ELSE '22222222-2222-2222-2222-222222222222' END::uuid, 'n'
    FROM generate_series(1, 5) n;
CREATE TABLE public.comments (note bigint NOT NULL REFERENCES public.notes, body text);
ALTER TABLE public.comments ENABLE ROW LEVEL SECURITY;
INSERT INTO public.comments VALUES (1, 'c'), (4, 'c');

-- One policy for each command.
CREATE TABLE public.posts (id integer PRIMARY KEY, author uuid, published boolean NOT NULL);
ALTER TABLE public.posts ENABLE ROW LEVEL SECURITY;
CREATE POLICY p_select ON public.posts FOR SELECT TO anon, authenticated USING (published OR author = (SELECT auth.uid()));
CREATE POLICY p_insert ON public.posts FOR INSERT TO authenticated WITH CHECK (author = (SELECT auth.uid()));
CREATE POLICY p_update ON public.posts FOR UPDATE TO authenticated USING (author = (SELECT auth.uid())) WITH CHECK (author = (SELECT auth.uid()));
CREATE POLICY p_delete ON public.posts FOR DELETE TO authenticated USING (author = (SELECT auth.uid()) AND NOT published);
INSERT INTO public.posts VALUES (1, '11111111-1111-1111-1111-111111111111', true), (2, '11111111-1111-1111-1111-111111111111', true),
    (3, '11111111-1111-1111-1111-111111111111', false), (4, '22222222-2222-2222-2222-222222222222', true), (5, '22222222-2222-2222-2222-222222222222', false);

-- A permissive one that a restrictive one limits, by a claim.
CREATE TABLE public.docs (id integer PRIMARY KEY, tenant text);
ALTER TABLE public.docs ENABLE ROW LEVEL SECURITY;
CREATE POLICY everybody ON public.docs TO authenticated USING (true);
CREATE POLICY tenant ON public.docs AS RESTRICTIVE USING (tenant = auth.jwt() -> 'app_metadata' ->> 'tenant');
INSERT INTO public.docs VALUES (1, 't1'), (2, 't1'), (3, 't2'), (4, 't2'), (5, 't2');

-- Anybody may put in, nobody but the owner sees.
CREATE TABLE public.leads (id integer PRIMARY KEY, owner uuid);
ALTER TABLE public.leads ENABLE ROW LEVEL SECURITY;
CREATE POLICY l_select ON public.leads FOR SELECT USING (owner = auth.uid());
CREATE POLICY l_insert ON public.leads FOR INSERT WITH CHECK (true);
INSERT INTO public.leads VALUES (1, '11111111-1111-1111-1111-111111111111'), (2, NULL);

-- By a join; the other table has policies of its own.
CREATE TABLE public.members (team integer, member uuid, PRIMARY KEY (team, member));
ALTER TABLE public.members ENABLE ROW LEVEL SECURITY;
CREATE POLICY m_own ON public.members FOR SELECT TO authenticated USING (member = (SELECT auth.uid()));
INSERT INTO public.members VALUES (1, '11111111-1111-1111-1111-111111111111'), (1, '22222222-2222-2222-2222-222222222222'), (2, '22222222-2222-2222-2222-222222222222');
CREATE TABLE public.projects (id integer PRIMARY KEY, team integer);
ALTER TABLE public.projects ENABLE ROW LEVEL SECURITY;
CREATE POLICY p_team ON public.projects FOR SELECT TO authenticated USING (team IN (SELECT m.team FROM public.members m WHERE m.member = (SELECT auth.uid())));
INSERT INTO public.projects VALUES (1, 1), (2, 1), (3, 2);

-- By a function that is above policies.
CREATE TABLE public.rooms (id integer PRIMARY KEY, team integer);
ALTER TABLE public.rooms ENABLE ROW LEVEL SECURITY;
CREATE FUNCTION public.is_member(integer) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS
    $$ SELECT EXISTS (SELECT FROM public.members WHERE team = $1 AND member = auth.uid()) $$;
CREATE POLICY r_member ON public.rooms TO authenticated USING (public.is_member(team));
INSERT INTO public.rooms VALUES (1, 1), (2, 2), (3, 3);

-- Reads itself.
CREATE TABLE public.groups (id integer PRIMARY KEY, member uuid);
ALTER TABLE public.groups ENABLE ROW LEVEL SECURITY;
CREATE POLICY g_same ON public.groups USING (id IN (SELECT g.id FROM public.groups g WHERE g.member = auth.uid()));
INSERT INTO public.groups VALUES (1, NULL);

-- Claims: what users write themselves, and what they do not.
CREATE TABLE public.admin (id integer PRIMARY KEY);
ALTER TABLE public.admin ENABLE ROW LEVEL SECURITY;
CREATE POLICY a_meta ON public.admin FOR SELECT USING ((auth.jwt() -> 'user_metadata' ->> 'admin')::boolean);
INSERT INTO public.admin VALUES (1), (2);
CREATE TABLE public.articles (id integer PRIMARY KEY);
ALTER TABLE public.articles ENABLE ROW LEVEL SECURITY;
CREATE POLICY a_editor ON public.articles USING (auth.jwt() #>> '{app_metadata,roles,0}' = 'editor');
INSERT INTO public.articles VALUES (1), (2);
CREATE TABLE public.orders (id integer PRIMARY KEY);
ALTER TABLE public.orders ENABLE ROW LEVEL SECURITY;
CREATE POLICY o_all ON public.orders TO authenticated USING (true);
CREATE POLICY o_real ON public.orders AS RESTRICTIVE FOR ALL TO authenticated USING ((auth.jwt() ->> 'is_anonymous')::boolean IS FALSE);
INSERT INTO public.orders VALUES (1);

-- Paths of storage.
INSERT INTO storage.buckets (id, name) VALUES ('avatars', 'avatars'), ('papers', 'papers');
INSERT INTO storage.objects (bucket_id, name, owner) VALUES
    ('avatars', '11111111-1111-1111-1111-111111111111/a.png', '11111111-1111-1111-1111-111111111111'),
    ('avatars', '22222222-2222-2222-2222-222222222222/b.png', '22222222-2222-2222-2222-222222222222'),
    ('papers', '11111111-1111-1111-1111-111111111111/c.pdf', '11111111-1111-1111-1111-111111111111');
CREATE POLICY s_see ON storage.objects FOR SELECT USING (bucket_id = 'avatars');
CREATE POLICY s_put ON storage.objects FOR INSERT TO authenticated WITH CHECK ((storage.foldername(name))[1] = (SELECT auth.uid())::text);
CREATE POLICY s_take ON storage.objects FOR DELETE TO authenticated USING (owner = (SELECT auth.uid()));

-- Nobody is somebody: the null disjunct; everybody; one role alone.
CREATE TABLE public.drafts (id integer PRIMARY KEY, owner uuid);
ALTER TABLE public.drafts ENABLE ROW LEVEL SECURITY;
CREATE POLICY d_null ON public.drafts FOR SELECT USING (auth.uid() IS NULL OR owner = auth.uid());
INSERT INTO public.drafts VALUES (1, '11111111-1111-1111-1111-111111111111'), (2, '22222222-2222-2222-2222-222222222222');
CREATE TABLE public.news (id integer PRIMARY KEY);
ALTER TABLE public.news ENABLE ROW LEVEL SECURITY;
CREATE POLICY n_all ON public.news FOR SELECT USING (true);
INSERT INTO public.news VALUES (1), (2);
CREATE TABLE public.welcome (id integer PRIMARY KEY);
ALTER TABLE public.welcome ENABLE ROW LEVEL SECURITY;
CREATE POLICY w_anon ON public.welcome FOR SELECT TO anon USING (true);
INSERT INTO public.welcome VALUES (1);

-- What nobody sees can be written: commands that name no column are not bound by the policy for SELECT.
CREATE TABLE public.blind (id integer PRIMARY KEY, owner uuid, body text);
ALTER TABLE public.blind ENABLE ROW LEVEL SECURITY;
CREATE POLICY b_select ON public.blind FOR SELECT USING (owner = auth.uid());
CREATE POLICY b_update ON public.blind FOR UPDATE USING (true);
CREATE POLICY b_delete ON public.blind FOR DELETE USING (true);
INSERT INTO public.blind VALUES (1, '11111111-1111-1111-1111-111111111111', 'x'), (2, '22222222-2222-2222-2222-222222222222', 'x');

-- A check that is stricter than what may be touched: one row is refused with an error, another is not.
CREATE TABLE public.tasks (id integer PRIMARY KEY, owner uuid, state text);
ALTER TABLE public.tasks ENABLE ROW LEVEL SECURITY;
CREATE POLICY t_select ON public.tasks FOR SELECT USING (owner = auth.uid());
CREATE POLICY t_update ON public.tasks FOR UPDATE USING (owner = auth.uid()) WITH CHECK (owner = auth.uid() AND state = 'open');
INSERT INTO public.tasks VALUES (1, '11111111-1111-1111-1111-111111111111', 'open'), (2, '11111111-1111-1111-1111-111111111111', 'done'), (3, '22222222-2222-2222-2222-222222222222', 'open');

-- Rights: some columns alone, none at all; a policy that reads what the user may not; one that fails on a row.
CREATE TABLE public.prices (id integer PRIMARY KEY, cost integer);
ALTER TABLE public.prices ENABLE ROW LEVEL SECURITY;
REVOKE ALL ON public.prices FROM anon, authenticated;
GRANT SELECT (id) ON public.prices TO anon, authenticated;
CREATE POLICY c_all ON public.prices USING (true);
INSERT INTO public.prices VALUES (1, 1), (2, 2);
CREATE TABLE public.secret (id integer PRIMARY KEY);
REVOKE ALL ON public.secret FROM anon, authenticated;
INSERT INTO public.secret VALUES (1);
CREATE TABLE public.gated (id integer PRIMARY KEY);
ALTER TABLE public.gated ENABLE ROW LEVEL SECURITY;
CREATE POLICY g_secret ON public.gated USING (id IN (SELECT id FROM public.secret));
INSERT INTO public.gated VALUES (1);
CREATE TABLE public.numbers (body text);
ALTER TABLE public.numbers ENABLE ROW LEVEL SECURITY;
CREATE POLICY n_cast ON public.numbers FOR SELECT USING (body::integer > 0);
INSERT INTO public.numbers VALUES ('swordfish');

-- Without rows: what the texts of policies tell, and no more.
CREATE TABLE public.empty (id integer PRIMARY KEY, owner uuid);
ALTER TABLE public.empty ENABLE ROW LEVEL SECURITY;
CREATE POLICY e_own ON public.empty USING (owner = auth.uid());
CREATE TABLE public.empty_open (id integer PRIMARY KEY);
ALTER TABLE public.empty_open ENABLE ROW LEVEL SECURITY;
CREATE POLICY e_open ON public.empty_open FOR INSERT WITH CHECK (true);

-- Views: with the rights of their owner, and with those of who asks. A partition is not bound by policies of its parent.
CREATE VIEW public.notes_leak AS SELECT owner, body FROM public.notes;
CREATE VIEW public.notes_safe WITH (security_invoker = true) AS SELECT owner, body FROM public.notes;
CREATE TABLE public.logs (day integer NOT NULL, owner uuid) PARTITION BY RANGE (day);
CREATE TABLE public.logs_1 PARTITION OF public.logs FOR VALUES FROM (1) TO (10);
ALTER TABLE public.logs ENABLE ROW LEVEL SECURITY;
CREATE POLICY l_own ON public.logs USING (owner = auth.uid());
INSERT INTO public.logs VALUES (1, '11111111-1111-1111-1111-111111111111'), (2, NULL);

-- Names, and a table that is not under policies at all.
CREATE TABLE public."""; drop table x; --" (id integer PRIMARY KEY, "the ""owner""" uuid);
ALTER TABLE public."""; drop table x; --" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "o'own; --" ON public."""; drop table x; --" USING ("the ""owner""" = auth.uid());
INSERT INTO public."""; drop table x; --" VALUES (1, '11111111-1111-1111-1111-111111111111'), (2, NULL);
CREATE TABLE public.open (id integer PRIMARY KEY);
INSERT INTO public.open VALUES (1), (2);
