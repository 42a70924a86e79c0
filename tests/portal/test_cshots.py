"""Screens of my pages, from a live server with the world's data."""
import os, sys
from datetime import date, timedelta
import pytest
from playwright.sync_api import sync_playwright
from tests.desk.browsing import launched
from tests.desk.test_leads import left, taken
from tests.world import make_world, person
from lianqiao.fields.industry import leading
from lianqiao.journal import clock
from tests.desk.conftest import moment
from lianqiao.demo.rows.identity import credit_code
from lianqiao.portal import founding
from lianqiao.portal.models import *
from wagtail.models import Locale

@pytest.mark.django_db
def test_shots(settings):
    settings.TODAY = date(2021,12,31)
    founding.found()
    with clock.at(moment(2017,1,3)):
        w = make_world()
    w.jingjiang.office="永寿县招商服务中心"; w.jingjiang.save()
    T=[("永寿苹果冷链与分选中心","永寿县工业园区",68_000_000_00),("旱作杂粮加工与品牌合作","永寿县工业园区",22_000_000_00),("槐花蜜与蜂产品精深加工","靖江经济技术开发区",15_000_000_00),("船舶配套件西部基地","靖江经济技术开发区",None),("中药材饮片加工","",8_000_000_00)]
    leads=[]
    for n,(t,z,a) in enumerate(T*2):
        e=left(w,t,z,company=["示例果蔬供应链公司","示例食品股份公司","示例海工配套公司"][n%3], phone=f"1390000{n:04d}", email="" if n%2 else "a@example.org")
        l=leading.take(e,w.jingjiang,w.jingjiang,amount=a,next_step="送用地红线图，约看厂房" if n%2 else "回电话",due_on=date(2021,12,31)+timedelta(days=n*5-8))
        leads.append(l)
    for l in leads[:5]: leading.move(l,"signed",date(2021,11,1),w.jingjiang)
    leading.note(leads[0],"visit",date(2021,10,12),"看了监军街道两处厂房，要层高九米以上，冬季供暖另议",w.jingjiang)
    for k,l in enumerate(leads[:2]):
        d=leading.drafted(l); d.credit_code=credit_code(7+k,"99"); d.landed_on=date(2021,12,1); d.agreed=d.agreed or 100
        leading.land(l,d,w.jingjiang)
    leading.move(leads[7],"lost",date(2021,12,3),w.jingjiang,"对方选在别处",lost_for="选在别处")
    left(w,"永寿苹果冷链与分选中心","永寿县工业园区"); q=left(w,"靖江经济技术开发区","靖江经济技术开发区",phone="13911112222")
    home=HomePage.objects.get(locale=Locale.objects.get(language_code="zh-hans"))
    idx=ZoneIndex.objects.first() or home.add_child(instance=ZoneIndex(title="开发区",slug="zonesx"))
    z=idx.add_child(instance=Zone(title="靖江经济技术开发区",slug="jj",city="泰州",summary="示例",office="靖江经济技术开发区投资服务大厅"))
    from django.test import Client
    import time
    from pathlib import Path
    from django.db import connection
    from django.test.utils import CaptureQueriesContext
    c=Client(); c.force_login(w.jingjiang)
    css=Path("lianqiao/desk/static/desk/desk.css").resolve()
    out={}
    for slug,u in [("leads","/leads/"),("lead",f"/leads/{leads[0].number}/"),("lead2",f"/leads/{leads[3].number}/"),("enq",f"/leads/enquiries/{q.number}/"),("land",f"/leads/{leads[2].number}/land/"),("home","/desk/")]:
        html=c.get(u).content.decode()
        import re
        html=re.sub(r'href="/static/desk/desk[^"]*css"',f'href="file://{css}"',html)
        f=Path(f"/tmp/c/{slug}.html"); f.write_text(html); out[slug]=f
    from benchmarks import portal as bp
    from lianqiao.portal.models import Article, NewsIndex
    from random import Random
    ch=Random(1); news=NewsIndex.objects.get(locale__language_code="zh-hans").pk
    for n in range(60): bp.below(news if n%2 else z.pk, bp.article(Article,ch,n))
    pub=Client()
    for kind,us in bp.pages().items():
        for u in us[:2]:
            u=u.replace("zone-0","jj").replace("zone-1","jj")
            pub.get(u)
            with CaptureQueriesContext(connection) as seen:
                t=time.process_time(); r=pub.get(u); t=time.process_time()-t
            print(kind,u,r.status_code,len(seen),"queries",round(t*1000),"ms cpu",len(r.content),"bytes")
            if "-v" in "": print([x["sql"][:200] for x in seen])
            Path(f"/tmp/c/q-{kind}.txt").write_text("\n".join(x["sql"][:300] for x in seen))
    with launched() as br:
        for (wd,h,name,scheme) in [(1366,768,"d","light"),(390,844,"m","light"),(1366,768,"k","dark")]:
            p=br.new_context(viewport={"width":wd,"height":h},color_scheme=scheme,locale="zh-CN").new_page()
            for slug,f in out.items():
                if name!="d" and slug in("land","lead2","home"): continue
                p.goto(f"file://{f}"); p.screenshot(path=f"/tmp/c/{slug}-{name}.png",full_page=True); print(slug,name,p.evaluate("document.documentElement.scrollWidth"))
